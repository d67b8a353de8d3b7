import { expect, test } from 'vitest';
import { changesOf } from '../../../../lib/operations/procedure-changes.ts';

const DEAL = {
  name: 'Deal',
  states: ['OPEN', 'WON'],
  attributes: {
    deal_id: { type: 'string' as const },
    size: { type: 'stringEnum' as const, options: ['small', '1'] },
  },
};

test('a procedure that is the same has no changes', () => {
  const [size, id] = [DEAL.attributes.size, DEAL.attributes.deal_id];
  expect(changesOf(DEAL, { ...DEAL, attributes: { size, deal_id: id } })).toEqual({ lines: [], dropped: [] });
});

test('each change is a line: name, states in their order, attributes with type and options', () => {
  const attributes = {
    deal_id: { type: 'text' as const },
    toString: { type: 'date' as const },
  };
  expect(changesOf(DEAL, { name: 'Deals', states: ['WON', 'OPEN'], attributes })).toEqual({
    lines: [
      '~ name: Deal → Deals',
      '~ states: "OPEN", "WON" → "WON", "OPEN"',
      '- attribute size: stringEnum of "small", "1"',
      '~ attribute deal_id: string → text',
      '+ attribute toString: date',
    ],
    dropped: ['size'],
  });
  const size = { type: 'stringEnum' as const, options: ['small', 1] };
  expect(changesOf(DEAL, { ...DEAL, attributes: { ...DEAL.attributes, size } }).lines).toEqual([
    '~ attribute size: stringEnum of "small", "1" → stringEnum of "small", 1',
  ]);
});

test('the states that may follow one are shown, also where none may or every one', () => {
  const stepwise = { ...DEAL, transitions: { OPEN: ['WON'] } };
  expect(changesOf(DEAL, stepwise).lines).toEqual([
    '~ transitions from OPEN: any state → "WON"',
    '~ transitions from WON: any state → none',
  ]);
  const states = ['OPEN', 'WON', 'LOST'];
  expect(
    changesOf(stepwise, { ...stepwise, states, transitions: { OPEN: ['WON'], LOST: ['OPEN'] } }).lines,
  ).toEqual(['~ states: "OPEN", "WON" → "OPEN", "WON", "LOST"', '+ transitions from LOST: "OPEN"']);
});
