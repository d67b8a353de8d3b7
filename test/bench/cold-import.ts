import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { bundle } from '../../lib/infrastructure/functions/function-code.ts';
import { median } from './parts.ts';

const RUNS = 20;
const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

export interface ColdImport {
  ms: number;
  /** Median of the runs' ratios to a bare handler with the same clients of the SDK. */
  ratio: number;
}

/** Times the import of a function's bundle in a fresh process, and that of a bare one in turn. */
export async function timeColdImport(name: 'accept' | 'apply'): Promise<ColdImport> {
  const directory = await mkdtemp(join(tmpdir(), 'bulk-update-bench-'));
  const build = async (file: string, to: string) => {
    const path = join(directory, to);
    await writeFile(path, bundle([join(root, file)]).get(name)?.code ?? '');
    return path;
  };
  const ours = await build(`lambdas/${name}.ts`, 'ours.mjs');
  const bare = await build(`test/bench/bare/${name}.ts`, 'bare.mjs');
  const times: number[] = [];
  const ratios: number[] = [];
  for (let turn = 0; turn < RUNS; turn++) {
    const ms = await importTime(ours);
    times.push(ms);
    ratios.push(ms / (await importTime(bare)));
  }
  await rm(directory, { recursive: true });
  return { ms: median(times), ratio: median(ratios) };
}

async function importTime(path: string): Promise<number> {
  const script = `const before = performance.now(); await import(${JSON.stringify(pathToFileURL(path).href)}); console.log(performance.now() - before); process.exit();`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]);
  return Number(stdout);
}
