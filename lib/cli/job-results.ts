import { charactersOf, linesOf } from '../../lambdas/rows/characters.ts';
import { ApiError, contradiction } from '../client/api-error.ts';
import { CANCELLED, type Failure } from '../client/failures.ts';
import type { BulkUpdateClient, ResultFiles } from '../client/index.ts';

/** Files of results with rows that were not applied. */
type FailedKind = Exclude<keyof ResultFiles, 'succeeded'>;

/** Times that a file of results is read until it is read to its end. */
const ATTEMPTS = 4;

/**
 * Yields the rows of a file job that were not applied, in the order of the file.
 * @param total - number of rows of the file
 * @throws ApiError when the results cannot be read, or have rows that the file does not have
 */
export async function* failuresOfJob(
  client: BulkUpdateClient,
  jobId: string,
  total: number,
): AsyncGenerator<Failure, void, void> {
  let last = -1;
  // A page at a time, as the addresses of its files expire.
  for await (const page of client.results(jobId)) {
    for await (const failure of merged(rowsOf(page, 'failed'), rowsOf(page, 'unprocessed'))) {
      const { position } = failure;
      if (!Number.isSafeInteger(position) || position <= last || position >= total)
        throw contradiction(200, 'returned results of rows that the file does not have');
      last = position;
      yield failure;
    }
  }
}

/** Yields what two lists have, each in order, in the order of both. */
async function* merged(
  first: AsyncGenerator<Failure, void, void>,
  second: AsyncGenerator<Failure, void, void>,
): AsyncGenerator<Failure, void, void> {
  let [a, b] = [await first.next(), await second.next()];
  for (;;) {
    if (!a.done && (b.done || a.value.position < b.value.position)) {
      yield a.value;
      a = await first.next();
    } else if (!b.done) {
      yield b.value;
      b = await second.next();
    } else return;
  }
}

async function* rowsOf(page: ResultFiles, kind: FailedKind): AsyncGenerator<Failure, void, void> {
  for (const url of page[kind]) yield* rowsAt(url, kind);
}

/** Reads a file of results. One that breaks off is read again, without the rows before. */
async function* rowsAt(url: string, kind: FailedKind): AsyncGenerator<Failure, void, void> {
  let done = 0;
  for (let attempt = 1; ; attempt++) {
    let rows = 0;
    try {
      for await (const line of linesOf(await textAt(url))) {
        if (line === '') continue;
        rows += 1;
        if (rows <= done) continue;
        done = rows;
        yield failureOf(line, kind);
      }
      return;
    } catch (error) {
      const isLasting = error instanceof ApiError && !error.isPassing;
      if (isLasting || attempt === ATTEMPTS) throw error;
    }
  }
}

async function textAt(url: string): Promise<AsyncIterable<string>> {
  const response = await fetch(url, { redirect: 'error' }).catch((cause: unknown) => {
    throw unread(`No response from ${new URL(url).origin}.`, 0, cause);
  });
  if (!response.ok || response.body === null)
    throw unread(`The storage responded ${response.status}.`, response.status);
  return charactersOf(response.body, { name: 'utf-8', hasMark: false });
}

function unread(why: string, status: number, cause?: unknown): ApiError {
  const message = `The results of the job cannot be read. ${why} Run the same command again; nothing is sent twice.`;
  return new ApiError(message, { status, cause });
}

function failureOf(line: string, kind: FailedKind): Failure {
  const { _row, _error_code: code, _error_message: message } = parsed(line);
  const position = Number(_row) - 1;
  if (kind === 'unprocessed') return { position, errors: [CANCELLED] };
  // Several codes of a row are one text, as in a CSV.
  return { position, errors: [{ code: String(code ?? ''), message: String(message ?? '') }] };
}

function parsed(line: string): Record<string, unknown> {
  try {
    return { ...(JSON.parse(line) as object) };
  } catch {
    throw contradiction(200, 'returned results that are not JSON');
  }
}
