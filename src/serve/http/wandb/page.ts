/** What clients page through: edges with cursors (clients go on from the last edge's), and whether more follow. */
export interface Connection<Node> {
  readonly edges: readonly { readonly node: Node; readonly cursor: string }[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

export function connection<Node>(edges: Connection<Node>['edges'], hasNextPage: boolean): Connection<Node> {
  return { edges, pageInfo: { endCursor: edges.at(-1)?.cursor ?? null, hasNextPage } };
}

/** How many to answer: `first` within 1 and 1,000; 50 when the client says nothing. */
export function pageSize(first: number | null | undefined): number {
  return Math.min(Math.max(first ?? 50, 1), 1_000);
}

/** Where a list goes on after a cursor that is a count of rows; a foreign cursor begins anew. */
export function offsetAfter(cursor: string | null | undefined): number {
  const offset = Number(cursor ?? 0);
  return Number.isSafeInteger(offset) && offset > 0 ? offset : 0;
}

/** W&B's times: ISO 8601 in UTC, whole seconds. */
export function isoTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
