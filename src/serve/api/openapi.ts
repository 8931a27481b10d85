import { z } from 'zod';
import { ROUTES } from './routes.ts';
import * as schema from './schemas.ts';

interface RouteSchemas {
  readonly method: string;
  readonly path: string;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly reply?: z.ZodType;
  readonly admin?: true;
}

type Json = Record<string, unknown>;

/** What the table of routes cannot say of a reply: it is no JSON. */
const OTHER_REPLIES: Readonly<Record<string, Json>> = {
  series: {
    description: 'Columns of buckets, in the order asked for; JSON when nothing else is accepted.',
    content: {
      'application/vnd.trackside.series': { schema: { type: 'string', format: 'binary' } },
      'application/json': { schema: jsonSchema(schema.seriesReply, 'output') },
    },
  },
  notices: {
    description: 'A stream of server-sent events; the data of each is this.',
    content: { 'text/event-stream': { schema: jsonSchema(schema.notices, 'output') } },
  },
};

/** The OpenAPI 3.1 document of `/api/v1`, made of the schemas that validate. Takes some 10 ms. */
export function openApi(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, route] of Object.entries(ROUTES) as [string, RouteSchemas][]) {
    (paths[`/api/v1${route.path}`] ??= {})[route.method.toLowerCase()] = operation(name, route);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Trackside', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    security: [{ key: [] }, { basic: [] }, { session: [] }],
    paths,
    components: {
      schemas: { Problem: jsonSchema(schema.problem, 'output') },
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key.' },
        basic: { type: 'http', scheme: 'basic', description: 'Any user name, the API key as password.' },
        session: { type: 'apiKey', in: 'cookie', name: 'trackside_PORT', description: 'A browser session.' },
        administrator: { type: 'http', scheme: 'bearer', description: 'The TRACKSIDE_ADMIN_TOKEN.' },
      },
    },
  };
}

function operation(name: string, { path, query, body, reply, admin }: RouteSchemas): Json {
  const success = OTHER_REPLIES[name] ?? (reply ? json('The reply.', jsonSchema(reply, 'output')) : null);
  return {
    operationId: name,
    ...(admin ? { security: [{ administrator: [] }] } : {}),
    parameters: [...segments(path), ...(query ? parameters(query) : [])],
    ...(body ? { requestBody: { required: true, ...content(jsonSchema(body, 'input')) } } : {}),
    responses: {
      ...(success ? { 200: success } : { 204: { description: 'Done.' } }),
      default: json('Refused: why, and what helps.', { $ref: '#/components/schemas/Problem' }),
    },
  };
}

function segments(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function parameters(query: z.ZodType): Json[] {
  const { properties = {}, required = [] } = jsonSchema(query, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, of]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: of,
  }));
}

function json(description: string, of: Json): Json {
  return { description, ...content(of) };
}

function content(of: Json): Json {
  return { content: { 'application/json': { schema: of } } };
}

function jsonSchema(of: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(of, { io, unrepresentable: 'any' });
  return rest;
}
