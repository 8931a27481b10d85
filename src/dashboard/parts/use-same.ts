import { useRef } from 'react';

/** The value of an earlier render as long as `identity` is equal, so that what is made of it is not made again. */
export function useSame<T>(value: T, identity: string): T {
  const held = useRef({ identity, value });
  if (held.current.identity !== identity) held.current = { identity, value };
  return held.current.value;
}
