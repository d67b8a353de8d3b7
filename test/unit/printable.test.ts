import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { oneLine, printable } from '../../lambdas/rows/printable.ts';

test.for([
  ['São Paulo 東京 👩‍👩‍👧 a\tb\nc', 'São Paulo 東京 👩‍👩‍👧 a\tb\nc'],
  ['\u001b[2J\u009b31m\u0007\r\u007f', '\\u001b[2J\\u009b31m\\u0007\\u000d\\u007f'],
  ['\u202eevil\u2066', '\\u202eevil\\u2066'],
  ['a\u2028b\u2029', 'a\\u2028b\\u2029'],
  ['CRLF\r\nCR\r', 'CRLF\r\nCR\\u000d'],
] as const)('%j is printed as %j', ([text, printed]) => {
  expect(printable(text)).toBe(printed);
});

test('a cell stays one', () => {
  expect(oneLine('a\tb\r\nc\u001b')).toBe('a\\u0009b\\u000d\\u000ac\\u001b');
});

test('JSON has the same value and no character that acts on a terminal', () => {
  const value = Array.from({ length: 0x2_100 }, (_, code) => String.fromCharCode(code)).join('');
  const text = printable(JSON.stringify({ [value]: value }, null, 2));
  expect(JSON.parse(text)).toEqual({ [value]: value });
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
});

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
