import { catalogWrites, openCatalog } from './catalog/operations.ts';
import type { WriteContext } from './operations.ts';
import { resumeSealing } from './streams/seal.ts';
import { streamWrites } from './streams/stream-operations.ts';
import { upkeepWrites } from './upkeep.ts';

/** Every operation of the writing thread, by name. */
export const writeOperations = { ...upkeepWrites, ...catalogWrites, ...streamWrites };

/** What the writing thread does first, in order: pick up what a crash left. */
export const onOpen: readonly ((context: WriteContext) => void)[] = [openCatalog, resumeSealing];
