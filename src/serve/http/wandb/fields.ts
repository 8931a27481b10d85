import type { Caller } from './caller.ts';

/**
 * How the fields of one GraphQL type are answered: by functions of (what the type stands for, the field's arguments, who
 * asks). What costs a read is read only when its field was asked for. `never` lets each function name its own arguments,
 * which GraphQL has checked against the schema. A field without a function is the member of that name.
 */
export type Fields<Source> = Readonly<Record<string, (source: Source, args: never, caller: Caller) => unknown>>;
