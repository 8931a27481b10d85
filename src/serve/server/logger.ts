import { type Logger, pino } from 'pino';
import type { LogLevel } from './server-options.ts';

/** Logs to standard error, one JSON object a line. Of an address only the path: queries hold signatures. */
export function createLogger(level: LogLevel): Logger {
  const withoutQuery = (url: unknown): string => String(url).split('?', 1)[0] ?? '';
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: {
        req: (request: { method?: unknown; url?: unknown }) => ({
          method: request.method,
          url: withoutQuery(request.url),
        }),
        res: (reply: { statusCode?: unknown }) => ({ status: reply.statusCode }),
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
