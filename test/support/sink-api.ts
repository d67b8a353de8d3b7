import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { type LoopbackServer, listenOnLoopback } from '../../lib/local/loopback.ts';
import { aProcedure } from './builders.ts';

/** An API that accepts everything at once and applies all of it, for measuring who sends to it. */
export async function startSinkApi(): Promise<LoopbackServer & { received: () => number }> {
  const totals: number[] = [];
  const job = (id: number) => ({ id: String(id), completionStatus: 'COMPLETED', statusMessage: null });
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const answer = (status: number, data: object, meta: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ _data: data, _meta: meta, _errors: [] }));
    };
    if (request.method === 'PATCH') {
      const body = JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()) as { processes: unknown[] };
      const total = body.processes.length;
      answer(202, job(totals.push(total) - 1), { total, queued: total, invalid: 0 });
    } else if (request.url?.startsWith('/v1/ext/background-job/')) {
      const id = Number(request.url.split('/').at(-1));
      const total = totals[id] ?? 0;
      const counts = { INVALID: 0, NOT_STARTED: 0, SUCCESS: total, ERROR: 0, CANCELLED: 0 };
      answer(200, job(id), { total, retryable: 0, bjEntryCompletionStatusVsCount: counts });
    } else answer(200, aProcedure(), {});
  });
  return {
    ...(await listenOnLoopback(server)),
    received: () => totals.reduce((sum, total) => sum + total, 0),
  };
}
