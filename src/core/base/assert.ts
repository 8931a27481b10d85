/** Throws when `condition` is false: a bug of ours, never bad input. The message is built only then. */
export function assert(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${typeof message === 'string' ? message : message()}`);
}

/** The value, which is known to be there; throws (a bug) when it is null or undefined. */
export function must<T>(value: T | null | undefined, what = 'value'): T {
  assert(value !== null && value !== undefined, () => `${what} is missing`);
  return value;
}

/** Marks the branch that the types say cannot be reached; throws when it is. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${String(value)}`);
}
