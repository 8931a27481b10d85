import { join } from 'node:path';
import { runsTableContract } from '../../runs-table.contract.ts';
import { openSqliteStore } from '../open.ts';

runsTableContract((folder) => openSqliteStore({ path: join(folder, 'store.sqlite') }));
