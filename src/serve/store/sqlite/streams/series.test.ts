import { join } from 'node:path';
import { seriesContract } from '../../series.contract.ts';
import { openSqliteStore } from '../open.ts';

seriesContract((folder) => openSqliteStore({ path: join(folder, 'store.db') }));
