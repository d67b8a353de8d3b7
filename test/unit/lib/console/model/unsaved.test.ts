import { expect, test } from 'vitest';
import type { Flow } from '../../../../../lib/console/model/flow.ts';
import { hasUnsaved } from '../../../../../lib/console/model/unsaved.ts';

const none = new Map<number, string[]>();

test.for([
  [{ step: 'choose' }, false],
  [{ step: 'map', correctedCells: 0 }, false],
  [{ step: 'map', correctedCells: 1 }, true],
  [{ step: 'check', correctedCells: 0, corrections: none }, false],
  [{ step: 'check', correctedCells: 1, corrections: none }, true],
  [{ step: 'check', correctedCells: 0, corrections: new Map([[0, ['a']]]) }, true],
  [{ step: 'send', isBusy: true }, true],
  [{ step: 'send', isBusy: false, unsent: {} }, true],
  [{ step: 'send', isBusy: false, unsent: undefined }, false],
] as const)('leaving %j loses something: %j', ([flow, isLost]) => {
  expect(hasUnsaved(flow as unknown as Flow)).toBe(isLost);
});
