/** A person or a program that holds keys. With `--auth local` there is one, an administrator. */
export interface User {
  readonly username: string;
  readonly email: string | null;
  readonly admin: boolean;
  /** Every entity the user may write to: the personal one (same name as the user) first, then teams. */
  readonly entities: readonly string[];
  readonly createdAt: number;
}

/** The owner in `entity/project`: a user's personal entity or a team. */
export interface Entity {
  readonly name: string;
  readonly kind: 'user' | 'team';
  readonly members: readonly { readonly username: string; readonly admin: boolean }[];
}

/** An API key as it may be shown. The key itself is given out once and kept only as a hash. */
export interface ApiKey {
  readonly id: string;
  readonly username: string;
  /** Its first characters, at most 8: what lists show. */
  readonly prefix: string;
  readonly description: string | null;
  readonly createdAt: number;
}
