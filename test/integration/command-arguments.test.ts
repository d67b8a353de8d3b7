import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ATTACK = '\u001b]0;title\u0007\u009b2J\u202e\u2028';
const SAFE = '\\u001b]0;title\\u0007\\u009b2J\\u202e\\u2028';

test.for([
  ['keys', ['list', '--table', 'keys', `--${ATTACK}`]],
  ['keys', [ATTACK, '--table', 'keys']],
  ['procedures', [ATTACK]],
  ['procedures', ['validate', ATTACK]],
  ['check-processes', ['--table', 'processes', '--sample', ATTACK]],
  ['bulk', ['jobs', `--${ATTACK}`]],
  ['bulk', [ATTACK]],
  ['bulk', ['jobs', '--limit', ATTACK]],
  ['bulk', ['jobs', '--url', ATTACK]],
  ['bulk', ['jobs', '--url', ATTACK, '--json']],
  ['bulk', ['jobs', '--profile', ATTACK]],
] as const)('%s repeats the arguments %j without what acts on a terminal', ([command, args]) => {
  const script = fileURLToPath(new URL(`../../bin/${command}.ts`, import.meta.url));
  const { BULK_UPDATE_URL: _url, BULK_UPDATE_KEY: _key, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    env,
  });
  expect(status).toBeGreaterThan(0);
  expect(stdout + stderr).not.toMatch(/[[\p{Cc}\p{Bidi_Control}\u2028]--\n]/v);
  expect(stdout + stderr).toContain(SAFE);
});
