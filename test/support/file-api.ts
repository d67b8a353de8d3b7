import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { listenOnLoopback } from '../../lib/local/loopback.ts';
import { aProcedure } from './builders.ts';

/** What becomes of a row. */
export interface RowEnd {
  status: 'SUCCESS' | 'ERROR' | 'INVALID' | 'CANCELLED';
  code?: string;
  message?: string;
}

export interface FileApiOptions {
  partSize?: number;
  /** Status of the response to a part, or `cut` for none. Undefined: the part is stored. */
  faultOfPart?: (part: { number: number; attempt: number; url: string }) => number | 'cut' | undefined;
  endOf?: (item: Record<string, unknown>) => RowEnd;
  completionStatus?: string;
  /** How many rows a file of results has. */
  rowsOfResult?: number;
  /** Called before a file of results is sent; a status in place of it. */
  faultOfResult?: (url: string, attempt: number) => number | 'cut' | undefined;
}

interface FakeJob {
  id: string;
  key: string;
  body: string;
  size: number;
  parts: Map<number, Buffer>;
  signed: number;
  completionStatus: string;
  rows: { text: string; end: RowEnd }[];
  reads: number;
}

const etagOf = (bytes: Buffer) => `"${createHash('md5').update(bytes).digest('hex')}"`;

/**
 * An API of file jobs with its storage, in memory, for testing who sends to it: it keeps parts, applies rows at once and
 * writes results.
 */
export async function startFileApi(options: FileApiOptions = {}) {
  const { partSize = 10, faultOfPart, endOf = () => ({ status: 'SUCCESS' }), rowsOfResult = 2 } = options;
  const jobs: FakeJob[] = [];
  /** Numbers of the parts that were sent, in their order. */
  const sent: number[] = [];
  const attempts = new Map<string, number>();
  let inFlight = 0;
  let mostInFlight = 0;

  const uploadOf = (job: FakeJob) => ({
    partSize,
    parts: Array.from({ length: Math.ceil(job.size / partSize) }, (_, index) => ({
      partNumber: index + 1,
      url: `${server.endpoint}/storage/${job.id}/${index + 1}?signed=${job.signed}`,
    })),
    expiresAt: Date.now() + 3_600_000,
  });
  const viewOf = (job: FakeJob, upload?: object) => {
    const isOver = job.completionStatus !== 'AWAITING_UPLOAD' && job.completionStatus !== 'IN_PROGRESS';
    const counts = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 0, ERROR: 0, CANCELLED: 0 };
    for (const { end } of job.rows) counts[isOver ? end.status : 'NOT_STARTED'] += 1;
    const bytesRead = job.completionStatus === 'AWAITING_UPLOAD' ? 0 : job.size;
    return {
      data: { id: job.id, completionStatus: job.completionStatus, statusMessage: null, ...upload },
      meta: {
        ...{ total: job.rows.length, isTotalFinal: isOver, bytesRead, size: job.size, retryable: 0 },
        bjEntryCompletionStatusVsCount: counts,
      },
    };
  };
  /** The rows of a result file, as NDJSON. */
  const resultOf = (job: FakeJob, kind: string, from: number) =>
    job.rows.slice(from, from + rowsOfResult).flatMap(({ text, end }, offset) => {
      if (kindOf(end) !== kind) return [];
      const place = { _row: from + offset + 1, _line: from + offset + 1 };
      const { status, code = null, message = null } = end;
      const told =
        kind === 'unprocessed'
          ? {}
          : {
              _status: status,
              _outcome: null,
              _error_code: code,
              _error_message: message,
              _process_id: null,
            };
      return [`${JSON.stringify({ ...JSON.parse(text), ...place, ...told })}\n`];
    });

  const http = createServer(async (request, response) => {
    const { method, url = '', headers } = request;
    const path = url.split('?')[0] ?? '';
    const attempt = (attempts.get(`${method} ${path}`) ?? 0) + 1;
    attempts.set(`${method} ${path}`, attempt);
    const answer = (status: number, data: object | null, meta: object = {}, code?: string) => {
      const errors = code === undefined ? [] : [{ code, message: `It is ${code}.` }];
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ _data: data, _meta: meta, _errors: errors }));
    };
    const job = jobs.find(({ id }) => path.split('/').includes(id));
    if (path.startsWith('/storage/') && method === 'PUT') {
      inFlight += 1;
      mostInFlight = Math.max(mostInFlight, inFlight);
      const body = await bytesOf(request);
      // So that those in flight overlap.
      await new Promise((resolve) => setTimeout(resolve, 5));
      inFlight -= 1;
      const number = Number(path.split('/').at(-1));
      const fault = faultOfPart?.({ number, attempt, url });
      if (fault === 'cut') return response.destroy();
      sent.push(number);
      if (fault !== undefined) {
        response.writeHead(fault);
        return response.end('<Error><Code>Fault</Code></Error>');
      }
      job?.parts.set(number, body);
      response.writeHead(200, { etag: etagOf(body) });
      return response.end();
    }
    if (path.startsWith('/results/')) {
      const fault = options.faultOfResult?.(url, attempt);
      if (fault === 'cut') return response.destroy();
      if (typeof fault === 'number') return response.writeHead(fault).end();
      const [, , , kind = '', from = ''] = path.split('/');
      return response.end(job === undefined ? '' : resultOf(job, kind, Number(from)).join(''));
    }
    const sentBytes = await bytesOf(request);
    const body = (headers['content-encoding'] === 'gzip' ? gunzipSync(sentBytes) : sentBytes).toString();
    if (path.endsWith('/process/file')) {
      const key = String(headers['idempotency-key']);
      const known = jobs.find((each) => each.key === key);
      if (known !== undefined && known.body !== body) return answer(409, null, {}, 'IDEMPOTENCY_KEY_REUSED');
      const { size } = JSON.parse(body) as { size: number };
      const begun = known ?? {
        ...{
          id: `file-${jobs.length + 1}`,
          key,
          body,
          size,
          parts: new Map(),
          signed: 1,
          rows: [],
          reads: 0,
        },
        completionStatus: 'AWAITING_UPLOAD',
      };
      if (known === undefined) jobs.push(begun);
      response.setHeader('idempotency-replayed', String(known !== undefined));
      const isAwaited = begun.completionStatus === 'AWAITING_UPLOAD';
      const { data, meta } = viewOf(begun, isAwaited ? { upload: uploadOf(begun) } : {});
      return answer(201, data, meta);
    }
    if (job === undefined) return answer(200, aProcedure());
    if (path.endsWith('/upload')) {
      if (job.completionStatus !== 'AWAITING_UPLOAD') return answer(409, null, {}, 'JOB_NOT_AWAITING_UPLOAD');
      job.signed += 1;
      const { data, meta } = viewOf(job, { upload: uploadOf(job) });
      return answer(200, data, meta);
    }
    if (path.endsWith('/upload-complete')) {
      const { parts } = JSON.parse(body) as { parts: { partNumber: number; etag: string }[] };
      const stored = parts.map(({ partNumber }) => job.parts.get(partNumber) ?? Buffer.alloc(0));
      const isRight = parts.every(({ etag }, index) => etagOf(stored[index] ?? Buffer.alloc(0)) === etag);
      const file = Buffer.concat(stored);
      if (!isRight || file.length !== job.size) return answer(400, null, {}, 'INVALID_UPLOAD');
      const { compression } = JSON.parse(job.body) as { compression?: string };
      const text = (compression === 'gzip' ? gunzipSync(file) : file).toString();
      const lines = text.split('\n').filter((line) => line !== '');
      job.rows = lines.map((line) => ({
        text: line,
        end: endOf(line.startsWith('{') ? JSON.parse(line) : {}),
      }));
      job.completionStatus = 'IN_PROGRESS';
      return answer(202, viewOf(job).data, viewOf(job).meta);
    }
    if (path.endsWith('/results')) {
      // A page for each file.
      const from = Number(new URL(url, server.endpoint).searchParams.get('cursor') ?? 0);
      const urls = (kind: string) =>
        resultOf(job, kind, from).length > 0 ? [`${server.endpoint}/results/${job.id}/${kind}/${from}`] : [];
      const end = from + rowsOfResult;
      const next = end < job.rows.length ? `/v1/ext/background-job/${job.id}/results?cursor=${end}` : null;
      const [succeeded, failed, unprocessed] = ['succeeded', 'failed', 'unprocessed'].map(urls);
      return answer(200, { succeeded, failed, unprocessed }, { next });
    }
    job.reads += 1;
    if (job.completionStatus === 'IN_PROGRESS' && job.reads > 1)
      job.completionStatus = options.completionStatus ?? 'COMPLETED';
    const { data, meta } = viewOf(job);
    return answer(200, data, meta);
  });
  const server = await listenOnLoopback(http);
  onTestFinished(server.stop);
  return { url: server.endpoint, jobs, sent, mostInFlight: () => mostInFlight };
}

function kindOf({ status }: RowEnd): string {
  if (status === 'SUCCESS') return 'succeeded';
  return status === 'CANCELLED' ? 'unprocessed' : 'failed';
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Rows as a client compresses them. */
export const packed = (text: string) => new Uint8Array(gzipSync(text));
