import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createGunzip, createGzip, gzip } from 'node:zlib';
import { Option } from 'commander';
import { parse } from 'csv-parse';
import { gunzipFrom } from '../../lambdas/rows/gunzip-from.ts';
import { splitFile } from '../../lambdas/rows/split-file.ts';
import { positiveInteger } from '../../lib/cli/arguments.ts';
import { createProgram, runProgram } from '../../lib/cli/program.ts';

/** Heap of each way, in MB. */
const HEAP_MB = 64;

const WAYS = ['bare', 'split', 'split and gzip'] as const;
type Way = (typeof WAYS)[number];

interface Measured {
  rows: number;
  seconds: number;
}

const compress = promisify(gzip);

/** What is measured, each in a process of its own. */
const READERS: Readonly<Record<Way, (file: string) => Promise<number>>> = {
  bare: async (file) => {
    let rows = -1;
    const records = createReadStream(file).pipe(createGunzip()).pipe(parse());
    for await (const _ of records) rows += 1;
    return rows;
  },
  split: (file) => splitAll(file),
  'split and gzip': (file) => splitAll(file, (bytes) => compress(bytes, { level: 1 })),
};

async function splitAll(file: string, store?: (bytes: Uint8Array) => Promise<unknown>): Promise<number> {
  let rows = 0;
  for await (const part of splitFile(gunzipFrom(createReadStream(file), 0), { format: 'csv' })) {
    if ('fault' in part) throw new Error(part.fault.message);
    if ('head' in part) continue;
    await store?.(part.bytes);
    rows = part.to.row;
  }
  return rows;
}

await runProgram(
  createProgram(
    'npm run bench:split --',
    `Measures how fast a large CSV in gzip is cut into chunks in a heap of ${HEAP_MB} MB, beside a bare csv-parse.`,
  )
    .argument('[rows]', 'number of rows', positiveInteger, 1_000_000)
    .addOption(new Option('--read <file>').hideHelp())
    .addOption(new Option('--way <way>').choices(WAYS).hideHelp())
    .action((rows: number, { read, way }: { read?: string; way?: Way }) =>
      read === undefined || way === undefined ? compare(rows) : measure(read, way),
    ),
  (error) => {
    throw error;
  },
);

async function compare(rows: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'split-memory-'));
  try {
    const file = join(directory, 'rows.csv.gz');
    await pipeline(Readable.from(linesOf(rows)), createGzip(), createWriteStream(file));
    const { size } = await stat(file);
    console.log(`${rows} rows, ${(size / 1_000_000).toFixed(1)} MB in gzip`);
    let bare: number | undefined;
    for (const way of WAYS) {
      const { seconds, peakMb, ...found } = await inProcess(file, way);
      if (found.rows !== rows) throw new Error(`${way}: ${found.rows} rows of ${rows}`);
      bare ??= seconds;
      const speed = Math.round(rows / seconds);
      const share = (seconds / bare).toFixed(2);
      console.log(
        `${way}: ${seconds.toFixed(2)} s, ${speed} rows/s, ${share} of bare, at most ${peakMb} MB resident`,
      );
    }
  } finally {
    await rm(directory, { recursive: true });
  }
}

function* linesOf(rows: number): Generator<string> {
  yield 'lead_id,city,score,subscribed,state\n';
  for (let row = 1; row <= rows; row++) {
    yield `LEAD-${String(row).padStart(7, '0')},"City, ${row}",${row % 100},true,IN_PROGRESS\n`;
  }
}

async function inProcess(file: string, way: Way): Promise<Measured & { peakMb: number }> {
  const script = fileURLToPath(import.meta.url);
  const args = [`--max-old-space-size=${HEAP_MB}`, script, '--read', file, '--way', way];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Measured & { peakMb: number };
}

async function measure(file: string, way: Way): Promise<void> {
  const startedAt = performance.now();
  const rows = await READERS[way](file);
  const seconds = (performance.now() - startedAt) / 1000;
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ rows, seconds, peakMb }));
}
