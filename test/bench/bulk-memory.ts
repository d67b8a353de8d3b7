import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { positiveInteger } from '../../lib/cli/arguments.ts';
import { createProgram, runProgram } from '../../lib/cli/program.ts';
import { bulk } from '../support/bulk-command.ts';
import { startSinkApi } from '../support/sink-api.ts';

await runProgram(
  createProgram(
    'npm run bench:bulk --',
    'Measures the command line client on a large CSV, against an API that takes everything at once.',
  )
    .argument('[rows]', 'number of rows', positiveInteger, 1_000_000)
    .option('--requests', 'send them in requests, not as one job')
    .action(measure),
  (error) => {
    throw error;
  },
);

async function measure(rows: number, { requests }: { requests?: true }): Promise<void> {
  const PEAK = "process.on('exit', () => console.error('peak ' + process.resourceUsage().maxRSS))";

  const directory = await mkdtemp(join(tmpdir(), 'bulk-memory-'));
  const file = join(directory, 'rows.csv');
  await pipeline(function* () {
    yield 'lead_id,city,score,subscribed,state\n';
    for (let row = 1; row <= rows; row++) {
      yield `LEAD-${String(row).padStart(7, '0')},"City, ${row}",${row % 100},true,IN_PROGRESS\n`;
    }
  }, createWriteStream(file));

  const sink = await startSinkApi();
  const startedAt = performance.now();
  const flags = ['--procedure', 'lead', '--watch', '--json', ...(requests ? ['--requests'] : [])];
  const { code, stderr } = await bulk(['submit', file, ...flags], {
    cwd: directory,
    url: sink.endpoint,
    nodeOptions: ['--import', `data:text/javascript,${encodeURIComponent(PEAK)}`],
  });
  const seconds = (performance.now() - startedAt) / 1000;
  await sink.stop();
  await rm(directory, { recursive: true });
  const [, peak] = /peak (\d+)/.exec(stderr) ?? [];
  console.log(
    `${sink.received()} items of ${rows} in ${seconds.toFixed(1)} s, exit code ${code}, at most ${Math.round(Number(peak) / 1024)} MB resident`,
  );
}
