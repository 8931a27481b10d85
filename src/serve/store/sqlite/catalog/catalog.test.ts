import { join } from 'node:path';
import { catalogContract } from '../../catalog.contract.ts';
import { openSqliteStore } from '../open.ts';

catalogContract((folder) => openSqliteStore({ path: join(folder, 'store.sqlite') }));
