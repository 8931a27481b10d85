import type { WriteContext } from '../operations.ts';
import { accountReads, accountWrites } from './account-operations.ts';
import { catalogChecks } from './check.ts';
import { resumeFreeing } from './deletion.ts';
import { fileReads, fileWrites } from './file-operations.ts';
import { projectReads, projectWrites } from './project-operations.ts';
import { runColumnReads } from './run-columns.ts';
import { runReads } from './run-reads.ts';
import { runTableReads } from './run-table.ts';
import { runWrites } from './run-writes.ts';

/** The catalog's part of the store's operations. */
export const catalogWrites = { ...accountWrites, ...projectWrites, ...runWrites, ...fileWrites };
export const catalogReads = {
  ...accountReads,
  ...projectReads,
  ...runReads,
  ...runTableReads,
  ...runColumnReads,
  ...fileReads,
  ...catalogChecks,
};

/** What the catalog does at the store's start. */
export function openCatalog(context: WriteContext): void {
  resumeFreeing(context);
}
