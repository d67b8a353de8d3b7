import { expect, test } from 'vitest';
import { booleanOfWord, booleanWords } from '../../../../lambdas/rows/yes-no.ts';

test('a language has its own words, those of English, and 1 and 0', () => {
  expect(booleanWords('de')).toEqual({
    ...{ ja: true, nein: false, wahr: true, falsch: false, yes: true, no: false },
    ...{ true: true, false: false, '1': true, '0': false },
  });
  expect(booleanWords('xx')).toEqual(booleanWords('en'));
  expect(booleanWords('constructor')).toEqual(booleanWords('en'));
});

test('a word means the same in every language that has it', () => {
  const languages = [
    'cs',
    'da',
    'de',
    'en',
    'es',
    'fi',
    'fr',
    'hu',
    'it',
    'nb',
    'nl',
    'pl',
    'pt',
    'sv',
    'tr',
  ];
  for (const language of languages) {
    for (const [word, value] of Object.entries(booleanWords(language)))
      expect(booleanOfWord(word)).toBe(value);
  }
  expect([' JA ', 'WAHR', 'x', ''].map(booleanOfWord)).toEqual([true, true, undefined, undefined]);
});
