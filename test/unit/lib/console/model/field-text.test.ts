import { expect, test } from 'vitest';
import { fieldText } from '../../../../../lib/console/model/field-text.ts';
import { timeText } from '../../../../../lib/console/model/words.ts';
import { aProcedure } from '../../../../support/builders.ts';

const procedure = aProcedure({
  attributes: {
    born: { type: 'date' },
    at: { type: 'time' },
    seen: { type: 'datetime' },
    score: { type: 'integer' },
  },
});
const NOVEMBER_24 = Date.UTC(2026, 10, 24);

test('a day is shown as a day in every time zone, and a moment as the clock of the user shows it', () => {
  expect(fieldText('data.born', NOVEMBER_24, procedure)).toMatch(/24.*2026$|2026.*24$/);
  expect(fieldText('data.born', NOVEMBER_24 + 1, procedure)).toBe(timeText(NOVEMBER_24 + 1));
  expect(fieldText('data.seen', NOVEMBER_24, procedure)).toBe(timeText(NOVEMBER_24));
  expect(fieldText('nextActionAt', NOVEMBER_24, procedure)).toBe(timeText(NOVEMBER_24));
  expect(fieldText('data.at', (14 * 60 + 30) * 60_000, procedure)).toBe('14:30:00');
});

test('any other value is shown as it is', () => {
  expect(fieldText('data.score', NOVEMBER_24, procedure)).toBe(String(NOVEMBER_24));
  expect(fieldText('state', 'NEW', procedure)).toBe('NEW');
  expect(fieldText('data.born', null, procedure)).toBe('empty');
  expect(fieldText('data.seen', 1e17, procedure)).toBe('100000000000000000');
  expect(fieldText('data.unknown', 0, procedure)).toBe('0');
});
