import { parentPort, workerData } from 'node:worker_threads';
import { must } from '../../../core/base/assert.ts';
import { openReader, openWriter } from './connection.ts';
import { migrate } from './migrate.ts';
import { answerRead } from './read-calls.ts';
import { readOperations } from './read-operations.ts';
import { type Call, replyOfError, type ThreadData } from './thread-message.ts';
import { WriteLoop } from './write-loop.ts';
import { onOpen, writeOperations } from './write-operations.ts';

/** The entry of a thread of the store: one writes, the others read. A call without an id asks it to close. */
const port = must(parentPort, 'the parent of a store thread');
const { path, role } = workerData as ThreadData;

try {
  if (role === 'write') write();
  else read();
} catch (error) {
  port.postMessage([replyOfError(0, error)]);
  port.close();
}

function write(): void {
  const db = openWriter(path);
  migrate(db);
  const loop = new WriteLoop(db, writeOperations, (replies, transfer) => port.postMessage(replies, transfer));
  for (const act of onOpen) loop.run(act);
  port.on('message', (call: Call | 'close') => {
    if (call !== 'close') return loop.take(call);
    loop.drain();
    db.exec('pragma wal_checkpoint(truncate)');
    db.close();
    port.close();
  });
  port.postMessage([{ id: 0, value: null }]);
}

function read(): void {
  const db = openReader(path);
  port.on('message', (call: Call | 'close') => {
    if (call === 'close') {
      db.close();
      return port.close();
    }
    const { reply, transfer } = answerRead(db, readOperations, call);
    port.postMessage([reply], transfer);
  });
  port.postMessage([{ id: 0, value: null }]);
}
