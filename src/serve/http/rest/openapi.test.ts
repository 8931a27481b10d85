import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADDRESSES } from '../../api/addresses.ts';
import { type Json, ScratchServer } from '../scratch-server.double.ts';

let server: ScratchServer;
let document: Json;

beforeAll(async () => {
  server = await ScratchServer.start('users');
  document = (await server.ask('/api/v1/openapi.json', { key: await server.addUser('ann') })).json;
});
afterAll(() => server[Symbol.asyncDispose]());

test('the document holds every route, with what it takes and gives', () => {
  expect(document.openapi).toBe('3.1.0');
  for (const [name, { method, path }] of Object.entries(ADDRESSES)) {
    const operation = document.paths[`/api/v1${path}`][method.toLowerCase()];
    expect(operation.operationId).toBe(name);
    const inPath = operation.parameters.filter((one: { in: string }) => one.in === 'path');
    expect(inPath).toHaveLength(path.split('{').length - 1);
  }
  expect(document.paths['/api/v1/users'].post.security).toEqual([{ administrator: [] }]);
  expect(document.paths['/api/v1/projects/{entity}/{project}/series'].post.requestBody.required).toBe(true);
});

test('every route of the document is there: none answers "nothing at this address"', async () => {
  for (const { method, path } of Object.values(ADDRESSES)) {
    const filled = path.replaceAll(/\{\w+\}/g, 'x');
    const { status } = await server.ask(`/api/v1${filled}`, { method });
    expect([path, [400, 401, 403].includes(status)]).toEqual([path, true]);
  }
});
