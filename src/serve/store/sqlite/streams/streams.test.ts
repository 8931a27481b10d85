import { join } from 'node:path';
import { streamsContract } from '../../streams.contract.ts';
import { openSqliteStore } from '../open.ts';

streamsContract((folder) => openSqliteStore({ path: join(folder, 'store.db') }));
