/**
 * Takes one guarantee out of the code at a time, on a copy, and runs the schedules that showed a bug once, then random
 * ones: each time one must show a violation. A guarantee whose removal nothing notices is not tested.
 *
 *     npm run mutants
 *     npm run mutants -- "the end of a job"     only those whose guarantee is named so
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProgram, runProgram } from '../../lib/cli/program.ts';
import { MUTANTS } from './mutant-list.ts';

const RUNS = '30000';
/** They take longer. */
const FILE_RUNS = '3000';
const SEED = '1';
const project = fileURLToPath(new URL('../..', import.meta.url));

await runProgram(
  createProgram(
    'npm run mutants --',
    'Takes one guarantee out of the code at a time, on a copy, and expects the simulation to show a violation.',
  )
    .argument('[guarantee]', 'part of the name of those to take out; default: all')
    .action(run),
  (error) => {
    throw error;
  },
);

function run(named?: string): void {
  const copy = mkdtempSync(join(tmpdir(), 'bulk-update-mutants-'));
  for (const folder of ['lambdas', 'lib', 'test', 'package.json']) {
    cpSync(join(project, folder), join(copy, folder), { recursive: true });
  }
  symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'));

  const mutants = MUTANTS.filter(({ without }) => named === undefined || without.includes(named));
  let survivors = 0;
  for (const { without, file, replace, by, isOfFiles = false } of mutants) {
    const path = join(copy, 'lambdas', file);
    const original = readFileSync(path, 'utf8');
    if (original.split(replace).length !== 2) throw new Error(`${file} does not have once: ${replace}`);
    writeFileSync(path, original.replace(replace, by));
    const script = join(copy, 'test/guarantees/run.ts');
    const runs = isOfFiles ? ['--files', '--runs', FILE_RUNS] : ['--runs', RUNS];
    const args = [script, '--regressions', ...runs, '--seed', SEED, '--fast'];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    writeFileSync(path, original);
    const schedules = /(\d+) schedules in (\d+) s/.exec(
      stdout.split('\n').findLast((line) => line.includes(' schedules in ')) ?? '',
    );
    const isKilled = stdout.includes('violation: ');
    if (!isKilled) survivors += 1;
    const shown = stdout.split('\n').at(-2)?.slice(0, 160);
    console.log(`${isKilled ? 'killed  ' : 'SURVIVED'} without ${without}`);
    console.log(`         ${isKilled ? shown : `${schedules?.[0] ?? ''} ${stderr.slice(0, 500)}`}`);
  }
  rmSync(copy, { recursive: true });
  console.log(`${mutants.length - survivors} of ${mutants.length} killed`);
  process.exitCode = survivors === 0 ? 0 : 1;
}
