/** A key as people write it: `sub.x` for the path `["sub","x"]`. */
export function keyName(path: string): string {
  return (JSON.parse(path) as string[]).join('.');
}

/** The path of a key at the top of a row; dots are part of its name. */
export function keyPath(name: string): string {
  return JSON.stringify([name]);
}

/** Paths that are written like this, the likeliest first: one name that holds the dots, a name per part. */
export function likelyPaths(name: string): string[] {
  return name.includes('.') ? [keyPath(name), JSON.stringify(name.split('.'))] : [keyPath(name)];
}
