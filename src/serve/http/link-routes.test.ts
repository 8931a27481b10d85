import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, ScratchServer } from './scratch-server.double.ts';

let server: ScratchServer;
let key: string;

beforeAll(async () => {
  server = await ScratchServer.start('users');
  key = await server.addUser('ann');
  await server.startRun(key, 'p', 'r1');
});
afterAll(() => server[Symbol.asyncDispose]());

/** Where the client would put this file. */
async function uploadAddress(name: string): Promise<string> {
  const query = `mutation M($f: [String!]!) {
    createRunFiles(input: {entityName: "ann", projectName: "p", runName: "r1", files: $f}) { files { uploadUrl } } }`;
  const { json } = await server.ask('/graphql', { method: 'POST', key, body: { query, variables: { f: [name] } } });
  return pathOf(json.data.createRunFiles.files[0].uploadUrl);
}

async function put(name: string, bytes: string | Uint8Array): Promise<Answer> {
  return server.ask(await uploadAddress(name), { method: 'PUT', body: bytes });
}

async function listed(): Promise<Map<string, { url: string; sizeBytes: number; md5: string }>> {
  const { json } = await server.ask('/api/v1/projects/ann/p/runs/r1/files', { key });
  return new Map(json.files.map((file: { name: string }) => [file.name, file]));
}

async function downloadAddress(name: string): Promise<string> {
  return pathOf((await listed()).get(name)?.url ?? '');
}

function pathOf(url: string): string {
  expect(url).toContain(`http://${server.host}/`);
  return url.slice(`http://${server.host}`.length);
}

describe('bytes in', () => {
  test('a file is there once it has arrived, without any credentials', async () => {
    const answer = await put('media/images/ä b#1?.png', 'pixels');
    expect(answer.status).toBe(200);
    const md5 = createHash('md5').update('pixels').digest('hex');
    expect(answer.headers.etag).toBe(`"${md5}"`);
    expect((await listed()).get('media/images/ä b#1?.png')).toMatchObject({ sizeBytes: 6, md5 });
    expect((await server.ask(await downloadAddress('media/images/ä b#1?.png'))).text).toBe('pixels');
  });

  test('an empty file is a file', async () => {
    expect((await put('empty.txt', '')).status).toBe(200);
    expect((await server.ask(await downloadAddress('empty.txt'))).text).toBe('');
  });

  test('the same name again replaces it', async () => {
    await put('output.log', 'long version');
    await put('output.log', 'short');
    expect((await server.ask(await downloadAddress('output.log'))).text).toBe('short');
  });

  test('an address that was altered, in its name or its bound, permits nothing', async () => {
    const address = await uploadAddress('config.yaml');
    const altered = [
      address.replace('config.yaml', 'other.yaml'),
      address.replace(/max=\d+/, 'max=99999999999999'),
      address.replace(/expires=\d/, 'expires=9'),
      address.replace(/signature=./, 'signature=_'),
      address.replace(/\?.*/, ''),
      '/blobs/runs/ann/p/r1/config.yaml?max=1&expires=9999999999999&signature=',
      '/blobs/runs/ann',
    ];
    for (const one of altered) {
      const { status } = await server.ask(one, { method: 'PUT', body: 'x' });
      expect([one, status]).toEqual([one, 403]);
    }
    expect((await listed()).has('config.yaml')).toBe(false);
  });

  test.each([
    '../up.txt',
    'a/../../up.txt',
    'a//b.txt',
    '/etc/passwd',
    '.',
    'a/..',
    'nul\u0000.txt',
    'x'.repeat(1_025),
  ])('a name that is no path inside of the run leads nowhere (%#)', async (name) => {
    const before = [...(await listed()).keys()];
    const query = `mutation M($f: [String!]!) {
        createRunFiles(input: {entityName: "ann", projectName: "p", runName: "r1", files: $f}) { files { uploadUrl } } }`;
    const asked = await server.ask('/graphql', { method: 'POST', key, body: { query, variables: { f: [name] } } });
    const url: string | undefined = asked.json.data?.createRunFiles?.files?.[0]?.uploadUrl;
    const status =
      url === undefined ? asked.status : (await server.ask(pathOf(url), { method: 'PUT', body: 'x' })).status;
    expect([400, 403]).toContain(status);
    expect([...(await listed()).keys()]).toEqual(before);
  });

  test('an upload that is cut off leaves nothing behind, and the old file as it was', async () => {
    await put('cut.bin', 'whole');
    const address = await uploadAddress('cut.bin');
    const socket = connect(server.port, '127.0.0.1');
    socket.write(`PUT ${address} HTTP/1.1\r\nhost: ${server.host}\r\ncontent-length: 1000000\r\n\r\n`);
    socket.write(Buffer.alloc(100_000));
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    await expect
      .poll(async () => (await server.ask('/metrics', { key })).text)
      .toMatch(/method="PUT",route="\/blobs\/runs\/\*",status="400"/);
    expect((await server.ask(await downloadAddress('cut.bin'))).text).toBe('whole');
  });
});

test('bytes for a run that was deleted meanwhile are refused, and their sender may leave at any time', async () => {
  await server.startRun(key, 'p', 'r3');
  const query = `mutation { createRunFiles(input: {entityName: "ann", projectName: "p", runName: "r3", files: ["a"]}) { files { uploadUrl } } }`;
  const { json } = await server.ask('/graphql', { method: 'POST', key, body: { query } });
  const address = pathOf(json.data.createRunFiles.files[0].uploadUrl);
  await server.ask('/api/v1/projects/ann/p/runs/r3', { method: 'DELETE', key });
  const socket = connect(server.port, '127.0.0.1');
  const answered = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString())));
  socket.write(`PUT ${address} HTTP/1.1\r\nhost: ${server.host}\r\ncontent-length: 10000000\r\n\r\n`);
  socket.write(Buffer.alloc(5_000_000));
  expect(await answered).toMatch(/^HTTP\/1.1 404 /);
  socket.destroy();
  expect((await server.ask(address, { method: 'PUT', body: Buffer.alloc(5_000_000) })).status).toBe(404);
  expect((await server.ask('/ready')).status).toBe(200);
});

describe('bytes out', () => {
  test('by range, as the client fetches large files', async () => {
    await put('digits.bin', '0123456789');
    const address = await downloadAddress('digits.bin');
    const part = await server.ask(address, { headers: { range: 'bytes=2-4' } });
    expect([part.status, part.text, part.headers['content-range']]).toEqual([206, '234', 'bytes 2-4/10']);
    const end = await server.ask(address, { headers: { range: 'bytes=-3' } });
    expect([end.status, end.text, end.headers['content-length']]).toEqual([206, '789', '3']);
    const none = await server.ask(address, { headers: { range: 'bytes=10-' } });
    expect([none.status, none.headers['content-range']]).toEqual([416, 'bytes */10']);
    const whole = await server.ask(address, { headers: { range: 'bytes=2-4', 'if-range': '"other"' } });
    expect([whole.status, whole.text]).toEqual([200, '0123456789']);
  });

  test('not again for who has them; and only their head for who asks for that', async () => {
    await put('same.bin', 'same');
    const address = await downloadAddress('same.bin');
    const { headers } = await server.ask(address);
    expect((await server.ask(address, { headers: { 'if-none-match': headers.etag ?? '' } })).status).toBe(304);
    const head = await server.ask(address, { method: 'HEAD' });
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', '4']);
  });

  test('hostile HTML and SVG are saved, never run', async () => {
    for (const name of ['evil.html', 'evil.svg', 'evil.png.html', 'media/"quoted".js']) {
      await put(name, '<script>alert(1)</script>');
      const { headers } = await server.ask(await downloadAddress(name));
      expect(headers['content-type']).toBe('application/octet-stream');
      expect(headers['content-disposition']).toMatch(/^attachment/);
      expect(headers['content-security-policy']).toBe("sandbox; default-src 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  test('a raster picture is shown in place', async () => {
    await put('pic.PNG', 'pixels');
    const { headers } = await server.ask(await downloadAddress('pic.PNG'));
    expect([headers['content-type'], headers['content-disposition']]).toEqual([
      'image/png',
      `inline; filename="pic.PNG"; filename*=UTF-8''pic.PNG`,
    ]);
  });

  test('a file that was deleted with its run is gone, though the address is right', async () => {
    await server.startRun(key, 'p', 'r2');
    const query = `mutation { createRunFiles(input: {entityName: "ann", projectName: "p", runName: "r2", files: ["a"]}) { files { uploadUrl } } }`;
    const { json } = await server.ask('/graphql', { method: 'POST', key, body: { query } });
    await server.ask(pathOf(json.data.createRunFiles.files[0].uploadUrl), { method: 'PUT', body: 'x' });
    const files = await server.ask('/api/v1/projects/ann/p/runs/r2/files', { key });
    const address = pathOf(files.json.files[0].url);
    expect((await server.ask(address)).status).toBe(200);
    await server.ask('/api/v1/projects/ann/p/runs/r2', { method: 'DELETE', key });
    expect((await server.ask(address)).status).toBe(404);
  });
});
