import { catalogReads } from './catalog/operations.ts';
import { streamReads } from './streams/stream-operations.ts';
import { upkeepReads } from './upkeep.ts';

/** Every operation of the reading threads, by name. */
export const readOperations = { ...upkeepReads, ...catalogReads, ...streamReads };
