import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../../../../bin/', import.meta.url));
/** app.ts is run by CDK, not by people. */
const commands = globSync('*.ts', { cwd: bin })
  .map((file) => basename(file, '.ts'))
  .filter((name) => name !== 'app');

function run(command: string, ...args: string[]) {
  const { BULK_UPDATE_URL: _url, BULK_UPDATE_KEY: _key, ...env } = process.env;
  return spawnSync(process.execPath, [`${bin}${command}.ts`, ...args], { encoding: 'utf8', env });
}

describe.each(commands)('%s', (command) => {
  test('explains itself by --help', () => {
    const { status, stdout, stderr } = run(command, '--help');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: /);
  });

  test('refuses an unknown flag with exit code 2', () => {
    const { status, stdout, stderr } = run(command, '--colour');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: .*\nRun with --help for usage\.\n/);
  });
});

test.each([
  'guarantees/run',
  'guarantees/mutants',
  'fuzz/run',
  'bench/bench',
  'bench/bulk-memory',
  'bench/split-memory',
])('test/%s explains itself by --help', (script) => {
  const path = `${bin}../test/${script}.ts`;
  const { status, stdout } = spawnSync(process.execPath, [path, '--help'], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^Usage: npm run /)]);
});

test.each(['submit', 'watch', 'entries', 'cancel', 'retry', 'jobs', 'procedures'])(
  'bulk-update %s explains its arguments and flags',
  (name) => {
    const { status, stdout } = run('bulk', name, '--help');
    expect(status).toBe(0);
    expect(stdout).toContain('--api-key-file <file>');
  },
);

test('the version is that of the package', () => {
  const { version } = JSON.parse(readFileSync(`${bin}../package.json`, 'utf8')) as { version: string };
  expect(run('bulk', '--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
});

test.each([[['--url', 'ftp://x', '--json', 'jobs']], [['jobs', '--url', 'ftp://x', '--json']]])(
  'flags of the API stand before or after the command: %j',
  (args) => {
    const { status, stdout } = run('bulk', ...args);
    expect([status, JSON.parse(stdout)]).toEqual([
      2,
      { error: { message: expect.stringContaining('"ftp://x"') } },
    ]);
  },
);

test.each([
  ['bulk', ['jobs', '--limt', '3'], 'Did you mean --limit?'],
  ['keys', ['rotat'], 'Did you mean rotate?'],
  ['keys', ['list', '--table', 'keys', '--taem', 'acme'], 'Did you mean --team?'],
  ['check-processes', ['--table', 'processes', '--smaple', '5'], 'Did you mean --sample?'],
] as const)('%s %j names what was likely meant', (command, args, hint) => {
  expect(run(command, ...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(hint) });
});

test.each([
  ['keys', ['create', '--table', 'keys'], "required option '--team <team>' not specified"],
  ['procedures', ['put', 'lead.json', '--table', 'procedures'], "required option '--team <team>'"],
  ['procedures', ['validate'], "missing required argument 'file'"],
  ['check-processes', [], "required option '--table <name>'"],
  ['redrive', ['--from', 'https://sqs/1'], "required option '--to <UpdateQueueUrl>'"],
  ['redrive', ['--from', 'queue', '--to', 'https://sqs/1'], 'Give the URL of a queue'],
] as const)('%s %j says what to give', (command, args, message) => {
  expect(run(command, ...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
});

test.each(['--upsert', '--expect=Stage=state'])('--create with %s sends nothing', (flag) => {
  const { status, stderr } = run('bulk', 'submit', 'leads.csv', '-p', 'lead', '--create', flag);
  expect([status, stderr]).toEqual([2, expect.stringMatching(/'--create' cannot be used with option/)]);
});

test('a command that fails exits with 1, and repeats no stack', () => {
  const { status, stderr } = run('procedures', 'validate', 'missing.json');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^There is no file "missing\.json"\. Check its name\.\n$/);
});

test('the scripts of package.json that run a command are those of bin', () => {
  const manifest = JSON.parse(readFileSync(`${bin}../package.json`, 'utf8')) as {
    scripts: Record<string, string>;
  };
  const run = Object.values(manifest.scripts).flatMap(
    (script) => /^node bin\/([\w-]+)\.ts/.exec(script)?.[1] ?? [],
  );
  expect(run.sort()).toEqual(commands.sort());
});
