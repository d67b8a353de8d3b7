import { createServer, type IncomingMessage } from 'node:http';
import { createGunzip, gunzipSync } from 'node:zlib';
import { type LoopbackServer, listenOnLoopback } from '../../lib/local/loopback.ts';
import { aProcedure } from './builders.ts';

/** An API that accepts everything at once and applies all of it, for measuring who sends to it. */
export async function startSinkApi(): Promise<LoopbackServer & { received: () => number }> {
  /** Items of each job. */
  const totals: number[] = [];
  const job = (id: number, completionStatus = 'COMPLETED') => ({
    ...{ id: String(id), completionStatus, statusMessage: null },
  });
  const metaOf = (id: number) => {
    const total = totals[id] ?? 0;
    const counts = { INVALID: 0, NOT_STARTED: 0, SUCCESS: total, ERROR: 0, CANCELLED: 0 };
    return { total, retryable: 0, bjEntryCompletionStatusVsCount: counts };
  };
  const http = createServer(async (request, response) => {
    const { method, url = '' } = request;
    const answer = (status: number, data: object, meta: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ _data: data, _meta: meta, _errors: [] }));
    };
    if (method === 'PUT') {
      totals[Number(url.split('/').at(-1))] = await linesIn(request);
      response.writeHead(200, { etag: '"part"' });
      response.end();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (url.endsWith('/process/file')) {
      const { size } = JSON.parse(body.toString()) as { size: number };
      const id = totals.push(0) - 1;
      const parts = [{ partNumber: 1, url: `${server.endpoint}/storage/${id}` }];
      const upload = { partSize: size, parts, expiresAt: Date.now() + 3_600_000 };
      answer(201, { ...job(id, 'AWAITING_UPLOAD'), upload }, metaOf(id));
    } else if (method === 'PATCH') {
      const { processes } = JSON.parse(gunzipSync(body).toString()) as { processes: unknown[] };
      const total = processes.length;
      answer(202, job(totals.push(total) - 1), { total, queued: total, invalid: 0 });
    } else if (url.startsWith('/v1/ext/background-job/')) {
      const id = Number(url.split('/')[4]);
      answer(200, job(id), metaOf(id));
    } else answer(200, aProcedure(), {});
  });
  const server = await listenOnLoopback(http);
  return { ...server, received: () => totals.reduce((sum, total) => sum + total, 0) };
}

/** Counts the lines of a compressed body, without keeping them. */
async function linesIn(request: IncomingMessage): Promise<number> {
  let lines = 0;
  for await (const chunk of request.pipe(createGunzip()) as AsyncIterable<Buffer>)
    for (const byte of chunk) if (byte === 0x0a) lines += 1;
  return lines;
}
