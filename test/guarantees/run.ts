/**
 * Runs random schedules of the simulated pipeline until one shows that a guarantee does not hold.
 *
 *     npm run guarantees -- --runs 1000000
 *     npm run guarantees -- --seed <seed> --path <path>     replays one, as a violation prints it
 *
 * With --fast a violation is printed as it was found, not made as small as it gets. With --regressions the schedules that
 * showed a bug once come first.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { positiveInteger } from '../../lib/cli/arguments.ts';
import { createProgram, runProgram } from '../../lib/cli/program.ts';
import type { CheckOptions, Violation } from './simulation/check.ts';

/** Number of schedules a seed: often enough to tell how it goes. */
const BATCH = 2_000;
const PROGRESS_EVERY_MS = 60_000;

interface Flags {
  runs: number;
  seed: number;
  path?: string;
  fast?: boolean;
  files?: boolean;
  regressions?: boolean;
  workers: number;
}

const program = createProgram(
  'npm run guarantees --',
  'Runs random schedules of the simulated pipeline until one shows that a guarantee does not hold.',
)
  .option('--runs <count>', 'number of schedules', positiveInteger, 10_000)
  .option('--seed <seed>', 'seed of the schedules; default: a random one', Number)
  .option('--path <path>', 'replays one schedule of the seed, as a violation prints it')
  .option('--files', 'runs schedules with file jobs')
  .option('--fast', 'prints a violation as it was found, not made as small as it gets')
  .option('--regressions', 'begins with the schedules that showed a bug once')
  .option('--workers <count>', 'number of processes', positiveInteger, availableParallelism())
  .action(({ seed = Math.floor(Math.random() * 2 ** 31), ...flags }: Flags) => direct({ seed, ...flags }));

if (process.send === undefined) await runProgram(program, rethrow);
else await work();

/** A fault of the simulation itself needs its stack. */
function rethrow(error: unknown): never {
  throw error;
}

/** Hands batches to a worker for each processor, and tells what comes of them. */
async function direct(flags: Flags): Promise<void> {
  const { runs, seed, path, fast = false, files = false, regressions, workers: count } = flags;
  if (regressions === true && (await showsRegression(files))) return;
  const batches =
    path === undefined
      ? batchesOf(runs, seed, { isFast: fast, isFiles: files })
      : [{ runs: 1, seed, path, isFast: fast, isFiles: files }].values();
  const startedAt = Date.now();
  let done = 0;
  const tell = () => {
    const seconds = (Date.now() - startedAt) / 1000;
    console.log(`${done} schedules in ${seconds.toFixed(0)} s, ${(done / seconds).toFixed(0)} a second`);
  };
  const progress = setInterval(tell, PROGRESS_EVERY_MS);
  console.log(`seed ${seed}`);

  const workers = Array.from({ length: count }, () => fork(import.meta.filename));
  const found = await Promise.race([
    ...workers.map((worker) => failed(worker)),
    Promise.all(
      workers.map(async (worker) => {
        for (const batch of batches) {
          const violation = await answerOf(worker, batch);
          if (violation !== undefined) throw violation;
          done += batch.runs;
        }
      }),
    ).then(
      () => undefined,
      (violation: unknown) => violation as Violation,
    ),
  ]);
  clearInterval(progress);
  for (const worker of workers) worker.kill();
  tell();
  if (found === undefined) {
    console.log('no violation');
    return;
  }
  console.log(`violation: --seed ${found.seed} --path ${found.path}`);
  console.log(JSON.stringify(found.plan));
  for (const violation of found.violations) console.log(violation);
  process.exitCode = 1;
}

async function showsRegression(isFiles: boolean): Promise<boolean> {
  const { FILE_REGRESSIONS } = await import('./file-regressions.ts');
  const { REGRESSIONS } = await import('./regressions.ts');
  const { violationsOf } = await import('./simulation/check.ts');
  for (const { bug, plan } of isFiles ? FILE_REGRESSIONS : REGRESSIONS) {
    const [violation] = await violationsOf(plan);
    if (violation === undefined) continue;
    console.log(`violation: ${bug}`);
    console.log(violation);
    process.exitCode = 1;
    return true;
  }
  return false;
}

function* batchesOf(
  runs: number,
  seed: number,
  flags: Pick<CheckOptions, 'isFast' | 'isFiles'>,
): Generator<CheckOptions> {
  for (let start = 0, number = 0; start < runs; start += BATCH, number++) {
    yield { runs: Math.min(BATCH, runs - start), seed: seed + number, ...flags };
  }
}

function answerOf(worker: ChildProcess, batch: CheckOptions): Promise<Violation | undefined> {
  return new Promise((resolve) => {
    worker.once('message', (answer: Violation | null) => resolve(answer ?? undefined));
    worker.send(batch);
  });
}

async function failed(worker: ChildProcess): Promise<never> {
  const code = await new Promise((resolve) => worker.once('exit', resolve));
  throw new Error(`A worker exited with ${code}`);
}

async function work(): Promise<void> {
  const { checkSchedules } = await import('./simulation/check.ts');
  process.on('message', async (batch: CheckOptions) => {
    process.send?.((await checkSchedules(batch)) ?? null);
  });
}
