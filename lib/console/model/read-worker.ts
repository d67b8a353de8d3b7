import { FileError } from '../../../lambdas/rows/row.ts';
import { inspectSource } from './inspect-source.ts';
import { NotLoadedError } from './part.ts';
import { readSource } from './read-source.ts';
import type { ReadMessage, ReadTask } from './reading.ts';

/** Rows that are handed to the page at a time: it takes some milliseconds for them. */
const CHUNK_ROWS = 250;

const post = (message: ReadMessage) => postMessage(message);

addEventListener('message', ({ data }: MessageEvent<ReadTask>) => {
  run(data).catch((error: unknown) => {
    if (error instanceof FileError) post({ is: 'wrong', faults: error.faults });
    else if (error instanceof NotLoadedError) post({ is: 'not loaded' });
    else post({ is: 'failed', message: String((error as Error).message ?? error) });
  });
});

async function run({ file, options }: ReadTask): Promise<void> {
  if (options === undefined) return post({ is: 'inspected', inspection: await inspectSource(file) });
  const source = await readSource(file, options);
  if (source.format === 'csv') {
    const { records, ...rest } = source;
    for (const chunk of chunksOf(records)) post({ is: 'records', records: chunk });
    post({ is: 'read', source: { ...rest, records: [] } });
  } else {
    const { rows, ...rest } = source;
    for (const chunk of chunksOf(rows)) post({ is: 'rows', rows: chunk });
    post({ is: 'read', source: { ...rest, rows: [] } });
  }
}

function* chunksOf<Element>(elements: readonly Element[]): Generator<Element[], void, void> {
  for (let at = 0; at < elements.length; at += CHUNK_ROWS) yield elements.slice(at, at + CHUNK_ROWS);
}
