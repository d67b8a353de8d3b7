import { expect, test } from 'vitest';
import { assertOptions } from '../../../../lib/client/options.ts';

const KINDS = { dryRun: 'boolean', signal: 'object', attempts: 'number' } as const;

test('options of their types are taken, and those that are undefined', () => {
  expect(() => assertOptions({ dryRun: true, signal: undefined }, KINDS)).not.toThrow();
});

test('a misspelt option is named with the known ones', () => {
  expect(() => assertOptions({ dryrun: true }, KINDS)).toThrow(/"dryrun".*dryRun, signal, attempts/);
});

test.each<object>([{ dryRun: 'true' }, { dryRun: null }, { constructor: 1 }, { attempts: Number.NaN }])(
  '%o is refused',
  (options) => {
    expect(() => assertOptions(options, KINDS)).toThrow(TypeError);
  },
);
