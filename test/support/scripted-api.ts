import { createServer, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { listenOnLoopback } from '../../lib/local/loopback.ts';

export interface ScriptedResponse {
  /** The connection is cut instead when there is none. */
  status?: number;
  headers?: Record<string, string>;
  data?: unknown;
  meta?: object;
  errors?: { code: string; message: string; pointer?: string }[];
  /** In place of an envelope. */
  text?: string;
}

export interface ReceivedRequest {
  method: string | undefined;
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** An API that gives these answers, one after the other, for testing who asks. It ends with the test. */
export async function startScriptedApi(...answers: ScriptedResponse[]) {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const sent = Buffer.concat(chunks);
    const { method, url: path, headers } = request;
    const body = headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
    requests.push({ method, path, headers, body: body.toString() });
    const { status, data = null, meta = {}, errors = [], ...answer } = answers.shift() ?? {};
    if (status === undefined) {
      response.destroy();
      return;
    }
    response.writeHead(status, answer.headers);
    response.end(answer.text ?? JSON.stringify({ _data: data, _meta: meta, _errors: errors }));
  });
  const { endpoint, stop } = await listenOnLoopback(server);
  onTestFinished(stop);
  return { url: endpoint, requests };
}
