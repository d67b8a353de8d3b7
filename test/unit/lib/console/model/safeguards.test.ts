import { expect, test } from 'vitest';
import { NO_SAFEGUARDS, safeguardsOf } from '../../../../../lib/console/model/safeguards.ts';

const choices = (canary?: string, errorPercent?: string, after = '100') => ({
  canary: { isChosen: canary !== undefined, text: canary ?? 'x' },
  errorPercent: { isChosen: errorPercent !== undefined, text: errorPercent ?? 'x' },
  after,
});

test('only what is chosen is sent', () => {
  expect(safeguardsOf(NO_SAFEGUARDS)).toEqual({});
  expect(safeguardsOf(choices())).toEqual({});
  expect(safeguardsOf(choices('200'))).toEqual({ canary: 200 });
  expect(safeguardsOf(choices(undefined, '2.5'))).toEqual({ abortOn: { errorPercent: 2.5, after: 100 } });
  expect(safeguardsOf(choices('10000', '0', '1'))).toEqual({
    canary: 10_000,
    abortOn: { errorPercent: 0, after: 1 },
  });
});

test.for(['', '0', '10001', '1.5', '-1', '1e3'])('%j is not a number of rows to start with', (text) => {
  expect(safeguardsOf(choices(text))).toBeUndefined();
  expect(safeguardsOf(choices(undefined, '5', text))).toBeUndefined();
  expect(safeguardsOf(choices(undefined, undefined, text))).toEqual({});
});

test.for(['', '101', '100.1', '-1', 'many'])('%j is not a percentage', (text) => {
  expect(safeguardsOf(choices(undefined, text))).toBeUndefined();
});
