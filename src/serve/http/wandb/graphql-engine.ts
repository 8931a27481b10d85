import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  NoUnusedFragmentsRule,
  NoUnusedVariablesRule,
  buildASTSchema,
  execute,
  isObjectType,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { assert } from '../../../core/base/assert.ts';
import { WANDB_SCHEMA } from '../../../track/wire/graphql/schema.ts';
import { apiKeyFields, entityFields, memberFields, userFields } from './account-fields.ts';
import type { Caller } from './caller.ts';
import type { Fields } from './fields.ts';
import { fileFields } from './file-fields.ts';
import { withNullFields, withoutUnknownSelections } from './known-document.ts';
import { mutationFields } from './mutation-fields.ts';
import { projectFields } from './project-fields.ts';
import { queryFields } from './query-fields.ts';
import { runFields } from './run-fields.ts';
import type { UnknownSelections } from './unknown-selections.ts';

export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>> | null;
  readonly operationName: string | null;
}

interface Prepared {
  readonly document: DocumentNode;
  readonly errors: readonly GraphQLError[];
  readonly unknown: readonly string[];
}

/** What answers each type; types that are not here are answered by their members. */
const FIELDS: Readonly<Record<string, Fields<never>>> = {
  Query: queryFields,
  Mutation: mutationFields,
  User: userFields,
  ApiKey: apiKeyFields,
  Entity: entityFields,
  Member: memberFields,
  Project: projectFields,
  Run: runFields,
  File: fileFields,
};

const TOKENS_MAX = 20_000;
const PREPARED_MAX = 500;
const PREPARED_CHARS_MAX = 50_000;

// What is left over when unknown selections are taken out is no mistake.
const RULES = specifiedRules.filter((rule) => rule !== NoUnusedVariablesRule && rule !== NoUnusedFragmentsRule);

/**
 * Executes W&B's operations against our schema. Documents are parsed and validated once per text: clients send a few dozen
 * of them over and over. This module loads the `graphql` library, so import it when the first operation comes.
 */
export class GraphqlEngine {
  readonly #schema = executableSchema();
  readonly #prepared = new Map<string, Prepared>();
  readonly #unknown: UnknownSelections;

  constructor(unknown: UnknownSelections) {
    this.#unknown = unknown;
  }

  /** Never throws for what a caller sends: errors come in the result, with the thrown one as `originalError`. */
  async execute(request: GraphqlRequest, caller: Caller): Promise<ExecutionResult> {
    const { document, errors, unknown } = this.#prepare(request.query);
    if (errors.length > 0) return { errors };
    for (const selection of unknown) this.#unknown.note(selection);
    return execute({
      schema: this.#schema,
      document,
      contextValue: caller,
      variableValues: request.variables,
      operationName: request.operationName,
    });
  }

  #prepare(text: string): Prepared {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const made = this.#parse(text);
    if (text.length <= PREPARED_CHARS_MAX) this.#prepared.set(text, made);
    for (const [oldest] of this.#prepared) {
      if (this.#prepared.size <= PREPARED_MAX) break;
      this.#prepared.delete(oldest);
    }
    return made;
  }

  #parse(text: string): Prepared {
    try {
      const { document, unknown } = withoutUnknownSelections(parse(text, { maxTokens: TOKENS_MAX }), this.#schema);
      return { document, errors: validate(this.#schema, document, RULES), unknown };
    } catch (error) {
      // `parse` throws nothing but a GraphQLError that names the place.
      return { document: { kind: Kind.DOCUMENT, definitions: [] }, errors: [error as GraphQLError], unknown: [] };
    }
  }
}

function executableSchema(): GraphQLSchema {
  const schema = buildASTSchema(withNullFields(parse(WANDB_SCHEMA)));
  for (const [name, fields] of Object.entries(FIELDS)) {
    const type = schema.getType(name);
    assert(isObjectType(type), () => `the schema has no type ${name}`);
    const known = type.getFields();
    for (const [field, resolve] of Object.entries(fields)) {
      const definition = known[field];
      assert(definition !== undefined, () => `the schema has no ${name}.${field}`);
      definition.resolve = (source, args, caller: Caller) => resolve(source as never, args as never, caller);
    }
  }
  return schema;
}
