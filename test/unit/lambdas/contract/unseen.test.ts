import { expect, it } from 'vitest';
import { ENTRY_ERROR_MESSAGES } from '../../../../lambdas/contract/errors.ts';
import { withHint } from '../../../../lambdas/contract/unseen.ts';
import { entryOf } from '../../../../lambdas/domain/entry.ts';
import { aJob } from '../../../support/builders.ts';

it.each([
  ['LEAD-1\u200b', '"LEAD-1\\u200b" holds an invisible character (U+200B) at its end. Remove it.'],
  ['\ufeffLEAD-1', '"\\ufeffLEAD-1" holds an invisible character (U+FEFF) at its beginning. Remove it.'],
  ['LEAD\u00a01', '"LEAD\\u00a01" holds an invisible character (U+00A0) within it. Remove it.'],
  ['LEAD-1\r', '"LEAD-1\\u000d" holds an invisible character (U+000D) at its end. Remove it.'],
  ['LE\u00adAD', '"LE\\u00adAD" holds an invisible character (U+00AD) within it. Remove it.'],
  [' LEAD-1', '" LEAD-1" holds an invisible character (U+0020) at its beginning. Remove it.'],
  ['LEAD-1  ', '"LEAD-1  " holds an invisible character (U+0020) at its end. Remove it.'],
  [
    ' LEAD-1\u202e',
    '" LEAD-1\\u202e" holds invisible characters (U+202E, U+0020) at its beginning and end. Remove them.',
  ],
  ['\u{e0041}x', '"\\udb40\\udc41x" holds an invisible character (U+E0041) at its beginning. Remove it.'],
  [
    '\u200b\u200c\u200d\u2060',
    expect.stringMatching(/ holds invisible characters \(U\+200B, U\+200C, U\+200D and others\)\. /),
  ],
  [
    'Mu\u0308ller',
    '"Mu\u0308ller" is written with accents apart from their letters. Send it in Unicode form NFC.',
  ],
])('of %j it is told that it only looks like another name', (name, hint) => {
  expect(withHint('No.', name).replace(/^No\. /, '')).toEqual(hint);
});

it.each(['LEAD-1', 'two words', 'Müller', '東京', '👍', '', '+49 30'])(
  'of %j there is nothing to tell',
  (name) => {
    expect(withHint('No.', name)).toBe('No.');
  },
);

it('an entry whose process is not found tells it of each name that the item has', () => {
  const item = { id: 'a\t', lead_id: 'LEAD-1\u200b', data: {} };
  const result = {
    ...{ index: 0, attempts: 1, startedAt: 1, completedAt: 1 },
    result: { error: 'PROCESS_NOT_FOUND' as const },
  };
  const { errors } = entryOf(aJob({ total: 1 }), 0, { item }, result);
  expect(errors[0]?.message).toBe(
    `${ENTRY_ERROR_MESSAGES.PROCESS_NOT_FOUND} "a\\u0009" holds an invisible character (U+0009) at its end. Remove it. "LEAD-1\\u200b" holds an invisible character (U+200B) at its end. Remove it.`,
  );
  const plain = entryOf(aJob({ total: 1 }), 0, { item: { lead_id: 'LEAD-1' } }, result);
  expect(plain.errors[0]?.message).toBe(ENTRY_ERROR_MESSAGES.PROCESS_NOT_FOUND);
});
