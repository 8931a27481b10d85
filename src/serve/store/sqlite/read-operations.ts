import { catalogReads } from './catalog/operations.ts';
import { upkeepReads } from './upkeep.ts';

/** Every operation of the reading threads, by name. */
export const readOperations = { ...upkeepReads, ...catalogReads };
