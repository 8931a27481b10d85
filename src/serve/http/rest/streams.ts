import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { LooseJson } from '../../../core/model/run.ts';
import type { SeriesColumns } from '../../../core/query/series.ts';
import { strictJson } from '../../../track/wire/graphql/strict-json.ts';
import type * as schema from '../../api/schemas.ts';
import { encodeSeries } from '../../api/series-format.ts';
import type { Handlers, RestOptions } from './call.ts';
import { demandProject } from './projects.ts';
import { findRun, looseNumber } from './runs.ts';

const SERIES_TYPE = 'application/vnd.trackside.series';
const JSON_TYPE = 'application/json; charset=utf-8';
/** More than people look through; the list says nothing of a rest, since clients page by W&B's dialect. */
const FILES_MAX = 10_000;

type StreamName = 'series' | 'keys' | 'rows' | 'console' | 'files';

/** What runs logged, in the forms that charts, tables and people read. */
export function streamHandlers({ hub, hosts, links }: RestOptions): Handlers<StreamName> {
  return {
    async series({ who, at, body: { series, x, from, to, buckets }, request, reply }) {
      const found = await hub.streams.series(who, at.entity, at.project, {
        series,
        x: x.key === undefined ? { kind: x.kind } : { kind: x.kind, key: x.key },
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        buckets,
      });
      if (found.every((one) => one === null)) await demandProject(hub, who, at);
      if (wantsJson(request)) return reply.type(JSON_TYPE).send(JSON.stringify({ series: found.map(readable) }));
      const { buffer, byteOffset, byteLength } = encodeSeries(found);
      return reply.type(SERIES_TYPE).send(Buffer.from(buffer, byteOffset, byteLength));
    },

    async keys({ who, at, query: { stream } }) {
      const keys = await hub.streams.keys(who, await findRun(hub, who, at), stream);
      const number = (value: number | null) => (value === null ? null : looseNumber(value));
      return {
        keys: keys.map(({ key, counts, last, min, max }) => ({
          key,
          counts: { ...counts },
          last: number(last),
          min: number(min),
          max: number(max),
        })),
      };
    },

    async rows({ who, at, query: { stream, keys, minStep, maxStep, fromRow, limit }, reply }) {
      const { rows, nextRow } = await hub.streams.rows(who, await findRun(hub, who, at), {
        stream,
        limit,
        ...(keys === undefined ? {} : { keys: keys.split(',').filter((key) => key !== '') }),
        ...(minStep === undefined ? {} : { minStep }),
        ...(maxStep === undefined ? {} : { maxStep }),
        ...(fromRow === undefined ? {} : { fromRow }),
      });
      // Text to text: parsing would lose the last digits of large integers.
      return reply.type(JSON_TYPE).send(`{"rows":[${rows.map(strict).join(',')}],"nextRow":${nextRow}}`);
    },

    async console({ who, at, query: { from, limit, search } }) {
      const run = await findRun(hub, who, at);
      const { total, matches, lines } = await hub.streams.console(who, run, {
        from,
        limit,
        ...(search === undefined || search === '' ? {} : { search }),
      });
      return { total, matches, lines: lines.map((line) => ({ ...line })) };
    },

    async files({ who, at, request }) {
      const run = await findRun(hub, who, at);
      const base = hosts.baseUrl(request.headers.host);
      const files = await hub.files.list(who, run, { limit: FILES_MAX });
      return {
        files: files.map(({ name, sizeBytes, md5, mimetype, updatedAt }) => ({
          name,
          sizeBytes,
          md5,
          mimetype,
          updatedAt,
          url: links.download(base, { path: run, name }),
        })),
      };
    },
  };
}

function strict(row: LooseJson): string {
  return /NaN|Infinity/.test(row) ? strictJson(row) : row;
}

/** Whether JSON is all that the request accepts. */
function wantsJson({ headers: { accept } }: FastifyRequest): boolean {
  return accept !== undefined && accept.includes('application/json') && !accept.includes(SERIES_TYPE);
}

/** A series for people and for programs without a decoder: plain lists, NaN and infinities as their names. */
function readable(series: SeriesColumns | null): z.input<typeof schema.seriesReply>['series'][number] {
  if (series === null) return null;
  const { length, span, rowEnd, total, last, version } = series;
  const list = (column: Float64Array) => Array.from(column, looseNumber);
  return {
    length,
    span,
    rowEnd,
    total,
    last,
    version,
    xMin: list(series.xMin),
    xMax: list(series.xMax),
    min: list(series.min),
    max: list(series.max),
    mean: list(series.mean),
    count: list(series.count),
    nan: list(series.nan),
    inf: list(series.inf),
    row0: list(series.row0),
  };
}
