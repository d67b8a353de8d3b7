import type { CsvRecord } from '../../../lambdas/rows/csv-format.ts';
import { FileError, type Row } from '../../../lambdas/rows/row.ts';
import type { Inspection } from './inspect-source.ts';
import { NotLoadedError, part } from './part.ts';
import type { ChosenSource, ReadOptions } from './source.ts';

/** What the worker is to do: to read a file, or without options to tell what there is to choose. */
export interface ReadTask {
  file: File;
  options?: ReadOptions | undefined;
}

/** What the worker answers. Rows come in chunks before the source, so that no message takes long. */
export type ReadMessage =
  | { is: 'inspected'; inspection: Inspection }
  | { is: 'records'; records: CsvRecord[] }
  | { is: 'rows'; rows: Row[] }
  | { is: 'read'; source: ChosenSource }
  | { is: 'wrong'; faults: readonly string[] }
  | { is: 'not loaded' }
  | { is: 'failed'; message: string };

/** Tells what there is to choose about a file. */
export async function inspectInWorker(file: File, signal: AbortSignal): Promise<Inspection> {
  let found: Inspection | undefined;
  const take = (message: ReadMessage) => {
    if (message.is === 'inspected') found = message.inspection;
    return message.is === 'inspected';
  };
  await ask({ file }, take, signal);
  if (found !== undefined) return found;
  const { inspectSource } = await part(() => import('./inspect-source.ts'));
  return inspectSource(file);
}

/**
 * Reads a file beside the page, which stays responsive.
 * @throws FileError with everything that is wrong with the file
 */
export async function readInWorker(file: File, options: ReadOptions): Promise<ChosenSource> {
  const records: CsvRecord[] = [];
  const rows: Row[] = [];
  let read: ChosenSource | undefined;
  const take = (message: ReadMessage) => {
    if (message.is === 'records') records.push(...message.records);
    if (message.is === 'rows') rows.push(...message.rows);
    if (message.is === 'read') read = message.source;
    return message.is === 'read';
  };
  await ask({ file, options }, take);
  if (read === undefined) {
    const { readSource } = await part(() => import('./read-source.ts'));
    return readSource(file, options);
  }
  return read.format === 'csv' ? { ...read, records } : { ...read, rows };
}

/**
 * Gives the worker a task. Where it cannot start, as in a browser that blocks workers, nothing is taken, and the page
 * does the task itself.
 * @param take - takes a message, and returns whether it is the last
 */
function ask(task: ReadTask, take: (message: ReadMessage) => boolean, signal?: AbortSignal): Promise<void> {
  const worker = new Worker(new URL('./read-worker.ts', import.meta.url), { type: 'module' });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  worker.addEventListener('message', ({ data }: MessageEvent<ReadMessage>) => {
    if (data.is === 'wrong') reject(new FileError(data.faults));
    else if (data.is === 'not loaded') reject(new NotLoadedError());
    else if (data.is === 'failed') reject(new Error(data.message));
    else if (take(data)) resolve();
  });
  worker.addEventListener('error', () => resolve());
  signal?.addEventListener('abort', () => reject(signal.reason));
  worker.postMessage(task);
  return promise.finally(() => worker.terminate());
}
