/**
 * Words for true and false, by language. The platform has none: CLDR's are not part of `Intl`.
 *
 * The first two are answers, the others what Excel and LibreOffice show for a boolean.
 */
const WORDS: Readonly<Record<string, readonly [yes: string, no: string, ...more: string[]]>> = {
  cs: ['ano', 'ne', 'pravda', 'nepravda'],
  da: ['ja', 'nej', 'sand', 'falsk'],
  de: ['ja', 'nein', 'wahr', 'falsch'],
  en: ['yes', 'no', 'true', 'false'],
  es: ['sí', 'no', 'verdadero', 'falso'],
  fi: ['kyllä', 'ei', 'tosi', 'epätosi'],
  fr: ['oui', 'non', 'vrai', 'faux'],
  hu: ['igen', 'nem', 'igaz', 'hamis'],
  it: ['sì', 'no', 'vero', 'falso'],
  nb: ['ja', 'nei', 'sann', 'usann'],
  nl: ['ja', 'nee', 'waar', 'onwaar'],
  pl: ['tak', 'nie', 'prawda', 'fałsz'],
  pt: ['sim', 'não', 'verdadeiro', 'falso'],
  sv: ['ja', 'nej', 'sant', 'falskt'],
  tr: ['evet', 'hayır', 'doğru', 'yanlış'],
};

/** Returns the words of a language for true and false, those of English, and 1 and 0; in small letters. */
export function booleanWords(language: string): Record<string, boolean> {
  const own = Object.hasOwn(WORDS, language) ? (WORDS[language] ?? []) : [];
  const words = [...own, ...(WORDS.en ?? []), '1', '0'];
  return Object.fromEntries(words.map((word, position) => [word, position % 2 === 0]));
}

/** Whether a text means true or false in any of the languages; undefined if in none. */
export function booleanOfWord(text: string): boolean | undefined {
  return known.get(text.trim().toLowerCase());
}

const known = new Map(Object.keys(WORDS).flatMap((language) => Object.entries(booleanWords(language))));
