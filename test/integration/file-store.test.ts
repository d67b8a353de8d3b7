import { createHash, randomBytes } from 'node:crypto';
import { createServer, request as forward } from 'node:http';
import { pipeline, Transform } from 'node:stream';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { FileChangedError } from '../../lambdas/adapters/file-faults.ts';
import { createFilesClient, FileStore, UNTOLD_CREDENTIALS_MS } from '../../lambdas/adapters/file-store.ts';
import type { LocalFiles } from '../../lib/local/files.ts';
import { listenOnLoopback } from '../../lib/local/loopback.ts';
import { CREDENTIALS, startLocalFiles } from '../support/local-files.ts';

const BUCKET = 'files';
const MIB = 1024 * 1024;
const NOW = Date.parse('2026-03-01T12:00:00.500Z');

let local: LocalFiles;
let endpoint: string;
let files: FileStore;

beforeAll(async () => {
  local = await startLocalFiles(BUCKET);
  endpoint = local.endpoint;
  files = new FileStore(clientOf(endpoint), BUCKET);
});
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL_S3;
  await local.stop();
});

/** A client as a function has it, whose environment names the endpoint and the credentials. */
function clientOf(url: string, credentials: Record<string, string> = {}) {
  Object.assign(process.env, {
    ...CREDENTIALS,
    ...credentials,
    AWS_ENDPOINT_URL_S3: url,
  });
  return createFilesClient();
}

const newKey = () => `uploads/${crypto.randomUUID()}`;

async function putPart(url: string, body: Buffer<ArrayBuffer>): Promise<string> {
  const response = await fetch(url, { method: 'PUT', body });
  expect(response.status).toBe(200);
  return response.headers.get('etag') ?? '';
}

async function all(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return Buffer.concat(read);
}

async function upload(key: string, bodies: Buffer<ArrayBuffer>[]) {
  const uploadId = await files.beginUpload(key);
  const { parts } = await files.signParts(key, uploadId, bodies.length, Date.now());
  const etags = await Promise.all(
    parts.map(async ({ partNumber, url }, index) => ({
      partNumber,
      etag: await putPart(url, bodies[index] ?? Buffer.alloc(0)),
    })),
  );
  return { uploadId, etags };
}

describe('uploads', () => {
  test('parts that are PUT to their URLs become one object, however often that is asked for', async () => {
    const key = newKey();
    const bodies = [randomBytes(5 * MIB), randomBytes(1_000)];
    const { uploadId, etags } = await upload(key, bodies);
    const size = 5 * MIB + 1_000;
    const completed = await files.completeUpload(key, uploadId, etags);
    expect(completed).toEqual({ status: 'COMPLETED', etag: expect.stringMatching(/^"\w{32}-2"$/), size });
    expect(await files.completeUpload(key, uploadId, etags)).toEqual(completed);
    expect(await all(files.read(key))).toEqual(Buffer.concat(bodies));
  });

  test('the ETag of a part is the MD5 of its body', async () => {
    const body = randomBytes(1_000);
    const { etags } = await upload(newKey(), [body]);
    expect(etags[0]?.etag).toBe(`"${createHash('md5').update(body).digest('hex')}"`);
  });

  test.each([
    ['InvalidPart', [{ partNumber: 1, etag: '"00000000000000000000000000000000"' }]],
    ['InvalidPart', [{ partNumber: 3, etag: '"00000000000000000000000000000000"' }]],
  ] as const)('what the client can put right is told: %s', async (fault, parts) => {
    const key = newKey();
    const { uploadId } = await upload(key, [randomBytes(10)]);
    expect(await files.completeUpload(key, uploadId, parts)).toMatchObject({ status: 'REFUSED', fault });
    expect(await files.find(key)).toBeUndefined();
  });

  test('parts in the wrong order, or too small, are told', async () => {
    const key = newKey();
    const { uploadId, etags } = await upload(key, [randomBytes(10), randomBytes(10)]);
    expect(await files.completeUpload(key, uploadId, etags.toReversed())).toMatchObject({
      fault: 'InvalidPartOrder',
    });
    expect(await files.completeUpload(key, uploadId, etags)).toMatchObject({ fault: 'EntityTooSmall' });
  });

  test('an aborted upload cannot be completed, and can be aborted again', async () => {
    const key = newKey();
    const { uploadId, etags } = await upload(key, [randomBytes(10)]);
    await files.abortUpload(key, uploadId);
    await files.abortUpload(key, uploadId);
    expect(await files.completeUpload(key, uploadId, etags)).toMatchObject({
      status: 'REFUSED',
      fault: 'NoSuchUpload',
    });
  });
});

describe('signed URLs', () => {
  const signedBy = (credentials: Record<string, string>) => {
    onTestFinished(() => {
      for (const name of Object.keys(credentials)) delete process.env[name];
    });
    return new FileStore(clientOf(endpoint, credentials), BUCKET);
  };

  test('demand no header that a browser does not send, and no checksum', async () => {
    const { parts } = await files.signParts('uploads/a', 'id', 2, NOW);
    const [first, second] = parts.map(({ url }) => new URL(url));
    expect([first?.searchParams.get('partNumber'), second?.searchParams.get('partNumber')]).toEqual([
      '1',
      '2',
    ]);
    expect(first?.searchParams.get('X-Amz-SignedHeaders')).toBe('host');
    expect([...(first?.searchParams.keys() ?? [])].filter((name) => /checksum/i.test(name))).toEqual([]);
  });

  test('of another region, without an endpoint, name the host of the bucket', async () => {
    const { AWS_ENDPOINT_URL_S3: local, ...rest } = process.env;
    process.env = { ...rest, AWS_REGION: 'eu-central-1' };
    onTestFinished(() => {
      process.env = { ...rest, AWS_ENDPOINT_URL_S3: local };
    });
    const { parts } = await new FileStore(createFilesClient(), BUCKET).signParts('uploads/a', 'id', 1, NOW);
    expect(new URL(parts[0]?.url ?? '').host).toBe('files.s3.eu-central-1.amazonaws.com');
  });

  test('end when told, to the second', async () => {
    const { parts, expiresAt } = await files.signParts('uploads/a', 'id', 1, NOW, 90_000);
    const { searchParams } = new URL(parts[0]?.url ?? '');
    expect(searchParams.get('X-Amz-Date')).toBe('20260301T120000Z');
    expect(searchParams.get('X-Amz-Expires')).toBe('90');
    expect(new Date(expiresAt).toISOString()).toBe('2026-03-01T12:01:30.000Z');
  });

  test('end with the credentials that sign', async () => {
    const soon = new Date(NOW + 60_000);
    const store = signedBy({ AWS_SESSION_TOKEN: 'token', AWS_CREDENTIAL_EXPIRATION: soon.toISOString() });
    const { expiresAt } = await store.signParts('uploads/a', 'id', 1, NOW);
    expect(expiresAt).toBeLessThanOrEqual(soon.getTime());
    expect(expiresAt).toBeGreaterThan(soon.getTime() - 1_000);
  });

  test('of credentials that do not say when they end, end soon', async () => {
    const { expiresAt } = await signedBy({ AWS_SESSION_TOKEN: 'token' }).signParts('a', 'id', 1, NOW);
    expect(expiresAt).toBeLessThanOrEqual(NOW + UNTOLD_CREDENTIALS_MS);
  });

  test('download under a name', async () => {
    const key = newKey();
    await files.put(key, Buffer.from('a,b\n'), 'text/csv');
    const url = await files.signGet(key, 'München "1".csv', 60_000);
    expect(await (await fetch(url)).text()).toBe('a,b\n');
    expect(new URL(url).searchParams.get('response-content-disposition')).toBe(
      `attachment; filename="M_nchen _1_.csv"; filename*=UTF-8''M%C3%BCnchen%20%221%22.csv`,
    );
  });
});

describe('reading', () => {
  test('a whole object, and none', async () => {
    const key = newKey();
    expect(await files.readWhole(key)).toBeUndefined();
    expect(await files.find(key)).toBeUndefined();
    await files.put(key, Buffer.from('text'), 'text/plain');
    expect(Buffer.from((await files.readWhole(key)) ?? []).toString()).toBe('text');
    expect(await files.find(key)).toMatchObject({ size: 4 });
  });

  test('from a byte on, to the end and past it', async () => {
    const key = newKey();
    await files.put(key, Buffer.from('0123456789'), 'text/plain');
    expect((await all(files.read(key, { from: 7 }))).toString()).toBe('789');
    expect(await all(files.read(key, { from: 10 }))).toHaveLength(0);
    const empty = newKey();
    await files.put(empty, Buffer.alloc(0), 'text/plain');
    expect(await all(files.read(empty))).toHaveLength(0);
  });

  test('an object that is another, or gone, is an error', async () => {
    const key = newKey();
    await files.put(key, Buffer.from('before'), 'text/plain');
    const { etag } = (await files.find(key)) ?? {};
    expect((await all(files.read(key, { etag }))).toString()).toBe('before');
    await files.put(key, Buffer.from('after'), 'text/plain');
    await expect(all(files.read(key, { etag }))).rejects.toThrow(FileChangedError);
    await expect(all(files.read(newKey()))).rejects.toThrow(FileChangedError);
  });

  test('goes on where a connection broke off, and notices what was changed meanwhile', async () => {
    const key = newKey();
    const body = randomBytes(4 * MIB);
    await files.put(key, body, 'text/plain');
    const { store, ranges } = await breakingStore(1 * MIB + 17);
    expect((await all(store.read(key, { from: 5 }))).equals(body.subarray(5))).toBe(true);
    expect(ranges.length).toBeGreaterThan(3);
    expect(ranges[0]).toBe('bytes=5-');

    const reading = store.read(key);
    await reading.next();
    await files.put(key, randomBytes(4 * MIB), 'text/plain');
    await expect(all(reading)).rejects.toThrow(FileChangedError);
  });

  test('gives up on connections that bring nothing', async () => {
    const key = newKey();
    await files.put(key, randomBytes(1_000), 'text/plain');
    const { store } = await breakingStore(0);
    await expect(all(store.read(key))).rejects.toThrow();
  });

  test('takes no more from the connection than is consumed', async () => {
    const key = newKey();
    await files.put(key, randomBytes(10 * MIB), 'text/plain');
    const { store, sent } = await breakingStore(Number.POSITIVE_INFINITY);
    const reading = store.read(key);
    await reading.next();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sent()).toBeLessThan(9 * MIB);
    await reading.return();
  });
});

/** A store whose connections break after some bytes of a body. */
async function breakingStore(bytes: number) {
  const ranges: (string | undefined)[] = [];
  let sent = 0;
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url = '/' } = incoming;
    ranges.push(headers.range);
    let left = bytes;
    const breaking = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const part = chunk.subarray(0, left);
        left -= part.length;
        sent += part.length;
        this.push(part);
        if (left > 0) done();
        else setImmediate(() => done(new Error('The connection broke off')));
      },
    });
    const outward = forward(new URL(url, endpoint), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers).flushHeaders();
      pipeline(answer, breaking, outgoing, () => {});
    });
    incoming.pipe(outward);
  });
  const { endpoint: breaking, stop } = await listenOnLoopback(server);
  onTestFinished(stop);
  return { store: new FileStore(clientOf(breaking), BUCKET), ranges, sent: () => sent };
}
