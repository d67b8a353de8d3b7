import { spawnSync } from 'node:child_process';
import { expect } from 'vitest';
import { shellWord } from '../../../../lambdas/rows/shell-word.ts';
import { testNeeding } from '../../../support/machine.ts';

testNeeding('bash').for([
  'city',
  "Kunde's Ort",
  '$x `y` "z" \\',
  '-',
  '',
  "Chiffre\u00a0d'affaires\\",
  'two\nlines\t\u001b[2J',
  'zero\u200bwidth é 東京',
])('%j is one word of a shell (needs bash)', (text) => {
  const { stdout } = spawnSync('bash', ['-c', `printf '%s' ${shellWord(text)}`], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  expect(stdout).toBe(text);
});
