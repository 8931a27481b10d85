import { z } from 'zod';
import { RUN_STATES } from '../../core/model/run-state.ts';

/**
 * Our REST as data. These schemas validate what comes in and describe what goes out (`/api/v1/openapi.json` is made of
 * them); `client.ts` is made of their types. Times are milliseconds since the epoch. Numbers that JSON cannot hold travel
 * as the strings "NaN", "Infinity" and "-Infinity".
 */

export const state = z.enum(RUN_STATES);
export const metricStream = z.enum(['history', 'system']);
export const looseNumber = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
export const cell = z.union([looseNumber, z.string(), z.boolean(), z.null()]);

export const problem = z.object({
  error: z.object({ code: z.string(), message: z.string(), retryAfterS: z.number().optional() }),
});

export const session = z.object({
  user: z.object({ username: z.string(), admin: z.boolean(), entities: z.array(z.string()) }),
  server: z.object({ version: z.string(), publicUrl: z.string() }),
});
/** A one-time token (from a printed address) or an API key. */
export const sessionStart = z.union(
  [z.object({ token: z.string().min(1).max(200) }).strict(), z.object({ key: z.string().min(1).max(500) }).strict()],
  { error: 'a `token` or a `key` was expected' },
);
/** Good once, for ten minutes; `url` logs a browser in with it. */
export const sessionToken = z.object({ token: z.string(), url: z.string() });

export const project = z.object({
  entity: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  createdAt: z.number(),
  activeAt: z.number(),
  runs: z.number(),
  running: z.number(),
});
export const projects = z.object({ projects: z.array(project) });

export const runRow = z.object({
  id: z.string(),
  displayName: z.string(),
  state,
  stateReason: z.string().nullable(),
  tags: z.array(z.string()),
  group: z.string().nullable(),
  jobType: z.string().nullable(),
  user: z.string(),
  createdAt: z.number(),
  heartbeatAt: z.number(),
  finishedAt: z.number().nullable(),
  rev: z.number(),
  values: z.array(cell),
});
/** `filter` in the text grammar (`state:running loss<0.1 model:eo1`); `order` like `-summary.loss,createdAt`; `columns` like `config.lr,summary.loss`. */
export const runTableQuery = z.object({
  filter: z.string().max(4_000).optional(),
  order: z.string().max(1_000).optional(),
  columns: z.string().max(20_000).optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
export const runTable = z.object({ total: z.number(), runs: z.array(runRow) });
export const runColumns = z.object({
  columns: z.array(
    z.object({ column: z.string(), runs: z.number(), type: z.enum(['number', 'string', 'boolean', 'mixed']) }),
  ),
});

/** `runs`: ids with commas between; of the first 200 that are there. */
export const metricsQuery = z.object({ runs: z.string().max(40_000) });
/** Keys of numbers in these runs' histories: how many of the runs hold each, and what they said of it with `define_metric`. */
export const metrics = z.object({
  metrics: z.array(
    z.object({
      key: z.string(),
      runs: z.number(),
      /** The key whose values lie on x; null: steps. */
      step: z.string().nullable(),
      /** Said by all runs that hold it. */
      hidden: z.boolean(),
    }),
  ),
});

/** `config` without W&B's wrapping and without `_wandb`; `summary` as logged. */
export const run = runRow.omit({ values: true }).extend({
  entity: z.string(),
  project: z.string(),
  exitCode: z.number().nullable(),
  notes: z.string().nullable(),
  host: z.string().nullable(),
  program: z.string().nullable(),
  commit: z.string().nullable(),
  repo: z.string().nullable(),
  stopRequestedBy: z.string().nullable(),
  config: z.record(z.string(), z.unknown()),
  summary: z.record(z.string(), z.unknown()),
  /** What the client told about the machine and the program, by name. */
  environment: z.record(z.string(), z.unknown()),
  /** From `define_metric`: which key is x for which keys (globs allowed). */
  metrics: z.array(
    z.object({
      name: z.string(),
      step: z.string().nullable(),
      hidden: z.boolean(),
      goal: z.enum(['minimize', 'maximize']).nullable(),
    }),
  ),
  rows: z.object({ history: z.number(), system: z.number(), console: z.number() }),
});
export const runEdit = z
  .object({
    displayName: z.string().min(1).max(256),
    notes: z.string().max(100_000).nullable(),
    tags: z.array(z.string().min(1).max(128)).max(100),
    group: z.string().max(256).nullable(),
    jobType: z.string().max(256).nullable(),
  })
  .partial()
  .strict();

export const keysQuery = z.object({ stream: metricStream.default('history') });
export const keys = z.object({
  keys: z.array(
    z.object({
      key: z.string(),
      counts: z.record(z.string(), z.number()),
      last: looseNumber.nullable(),
      min: looseNumber.nullable(),
      max: looseNumber.nullable(),
    }),
  ),
});

export const rowsQuery = z.object({
  stream: metricStream.default('history'),
  keys: z.string().max(20_000).optional(),
  minStep: z.coerce.number().optional(),
  maxStep: z.coerce.number().optional(),
  fromRow: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
});
export const rows = z.object({ rows: z.array(z.record(z.string(), z.unknown())), nextRow: z.number().nullable() });

export const consoleQuery = z.object({
  /** Line number; negative counts from the end. */
  from: z.coerce.number().int().default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
  search: z.string().max(500).optional(),
});
export const console = z.object({
  total: z.number(),
  matches: z.number().nullable(),
  lines: z.array(
    z.object({
      number: z.number(),
      at: z.number().nullable(),
      stderr: z.boolean(),
      label: z.string().nullable(),
      text: z.string(),
    }),
  ),
});

export const files = z.object({
  files: z.array(
    z.object({
      name: z.string(),
      sizeBytes: z.number(),
      md5: z.string(),
      mimetype: z.string(),
      updatedAt: z.number(),
      url: z.string(),
    }),
  ),
});

/** Answered in the binary form of `series-format.ts`, or as JSON columns when the request accepts only `application/json`. */
export const seriesQuery = z
  .object({
    series: z
      .array(
        z
          .object({ run: z.string().max(128), stream: metricStream.default('history'), key: z.string().max(1_000) })
          .strict(),
      )
      .min(1)
      .max(2_000),
    x: z
      .object({ kind: z.enum(['step', 'relative', 'wall', 'row', 'metric']), key: z.string().max(1_000).optional() })
      .strict()
      .refine(({ kind, key }) => (kind === 'metric') === (key !== undefined), {
        message: 'a `key` goes with the kind "metric", and only with it',
      })
      .default({ kind: 'step' }),
    from: z.number().optional(),
    to: z.number().optional(),
    buckets: z.number().int().min(1).max(5_000).default(300),
  })
  .strict()
  .refine(({ series, buckets }) => series.length * buckets <= 1_000_000, {
    message: 'at most 1,000,000 buckets at once, over all series: ask for fewer buckets or series',
  });

const column = z.array(looseNumber);
/** The JSON form of series, in the order asked for; null for one whose run or key is not there. See `core/query/series.ts`. */
export const seriesReply = z.object({
  series: z.array(
    z
      .object({
        length: z.number(),
        span: z.number(),
        rowEnd: z.number(),
        total: z.number(),
        last: z.number().nullable(),
        version: z.number(),
        xMin: column,
        xMax: column,
        min: column,
        max: column,
        mean: column,
        count: column,
        nan: column,
        inf: column,
        row0: column,
      })
      .nullable(),
  ),
});

/** Of one project, or of all that the user may see. */
export const noticesQuery = z
  .object({ entity: z.string().max(128), project: z.string().max(128) })
  .partial()
  .refine(({ entity, project }) => (entity === undefined) === (project === undefined), {
    message: 'entity and project come together, or neither',
  });
/** One server-sent event of `/api/v1/notices`; several runs in one. After a lost connection: read again what is visible. */
export const notices = z.object({
  notices: z.array(
    z.object({
      entity: z.string(),
      project: z.string(),
      run: z.string(),
      rev: z.number(),
      changed: z.array(z.enum(['run', 'history', 'system', 'console', 'files', 'gone'])),
    }),
  ),
});

export const userPut = z.object({
  username: z.string().min(1).max(128),
  apiKey: z.string().max(500).nullish(),
  admin: z.boolean().default(false),
  email: z.string().max(320).nullish(),
});
export const organizationPut = z.object({ name: z.string().min(1).max(128), owner: z.string().max(128) });
export const organizationMembersPut = z.object({
  members: z
    .array(z.object({ username: z.string().max(128), role: z.enum(['admin', 'member', 'viewer']) }))
    .max(10_000),
});
export const teamPut = z.object({
  name: z.string().min(1).max(128),
  organization: z.string().max(128).nullish(),
  members: z.array(z.string().max(128)).max(10_000),
});
