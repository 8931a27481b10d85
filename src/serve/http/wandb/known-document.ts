import {
  type DocumentNode,
  type FieldDefinitionNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  TypeInfo,
  isInterfaceType,
  isObjectType,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** The field that every type has and that is always null; unknown selections are turned into it. */
const NULL_FIELD = 'null_';

/** The schema's document with that field in every type. */
export function withNullFields(schema: DocumentNode): DocumentNode {
  const field: FieldDefinitionNode = {
    kind: Kind.FIELD_DEFINITION,
    name: { kind: Kind.NAME, value: NULL_FIELD },
    type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'String' } },
  };
  return visit(schema, {
    ObjectTypeDefinition: (node) => ({ ...node, fields: [...(node.fields ?? []), field] }),
  });
}

/**
 * A document in which selections that known types do not have are null instead of errors, and the names of those. One new
 * field in a new client must not make a whole operation fail. Mutations are left alone: an effect that does not happen is an
 * error. What hung below such a selection goes with it, also fragments that nothing else uses.
 */
export function withoutUnknownSelections(
  document: DocumentNode,
  schema: GraphQLSchema,
): { readonly document: DocumentNode; readonly unknown: readonly string[] } {
  const unknown: string[] = [];
  const types = new TypeInfo(schema);
  const replaced = visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType();
        const name = node.name.value;
        if (!(isObjectType(parent) || isInterfaceType(parent)) || parent === schema.getMutationType()) return undefined;
        if (name.startsWith('__') || name in parent.getFields()) return undefined;
        unknown.push(`${parent.name}.${name}`);
        const { directives, kind } = node;
        return {
          kind,
          name: { kind: Kind.NAME, value: NULL_FIELD },
          alias: node.alias ?? node.name,
          ...(directives === undefined ? {} : { directives }),
        };
      },
    }),
  );
  return unknown.length === 0 ? { document, unknown } : { document: withoutLooseFragments(replaced), unknown };
}

function withoutLooseFragments(document: DocumentNode): DocumentNode {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);

  const used = new Set<string>();
  const waiting: DocumentNode['definitions'][number][] = document.definitions.filter(
    ({ kind }) => kind !== Kind.FRAGMENT_DEFINITION,
  );
  for (let definition = waiting.pop(); definition !== undefined; definition = waiting.pop())
    visit(definition, {
      FragmentSpread({ name: { value: name } }) {
        const fragment = fragments.get(name);
        if (fragment !== undefined && !used.has(name)) waiting.push(fragment);
        used.add(name);
      },
    });
  return {
    ...document,
    definitions: document.definitions.filter(
      (definition) => definition.kind !== Kind.FRAGMENT_DEFINITION || used.has(definition.name.value),
    ),
  };
}
