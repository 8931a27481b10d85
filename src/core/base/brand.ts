declare const brand: unique symbol;

/** A `T` that may not be mixed with other `T`s. Minted in one place per brand, by a checked function or a cast there. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
