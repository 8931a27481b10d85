import type { RunField } from './run-field.ts';

/** A value that a filter compares with. Times arrive as milliseconds or ISO text and are compared as times. */
export type FilterValue = string | number | boolean | null;

/**
 * What a run must satisfy. One tree for every dialect: the dashboard's text grammar and W&B's Mongo-style JSON are both
 * parsed into it. `has` asks whether the list `tags` holds the value; on other fields it is substring search.
 */
export type Filter =
  | { readonly op: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly op: 'not'; readonly of: Filter }
  | { readonly op: 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte'; readonly field: RunField; readonly value: FilterValue }
  | { readonly op: 'in'; readonly field: RunField; readonly values: readonly FilterValue[] }
  | { readonly op: 'has'; readonly field: RunField; readonly value: string }
  | { readonly op: 'exists'; readonly field: RunField }
  /** Unanchored; the pattern has been checked when the tree is built. */
  | { readonly op: 'matches'; readonly field: RunField; readonly pattern: string };
