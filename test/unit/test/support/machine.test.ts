import { expect, test } from 'vitest';
import { hasCommand } from '../../../support/machine.ts';

test('a command of the machine is found, and another is not', () => {
  expect([hasCommand('sh'), hasCommand('no-such-command')]).toEqual([true, false]);
});
