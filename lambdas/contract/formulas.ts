/** Where a cell ends to some spreadsheet: comma, semicolon, bar, tab, and whatever breaks lines. */
const CELL_END = String.raw`[,;\|\t-\r\x85\u2028\u2029]`;

/** What a spreadsheet strips or does not show; and apostrophes, so that the one of the guard is recognized. */
const UNSEEN = String.raw`[[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800"']--${CELL_END}]`;

/**
 * Finds what begins a formula in whatever a spreadsheet may take for a cell: some split at other characters than the
 * comma, and some within quotes. A whole field must not begin with a tab, a line break or NUL either.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
export const FORMULA = new RegExp(
  String.raw`(?<=^|${CELL_END})${UNSEEN}*[=+\-@＝＋－＠﹦﹢﹣﹫]|^'*[\0\t-\r]`,
  'gv',
);

/** What a spreadsheet runs as a formula. Numbers and phone numbers, such as `+81 3 1234`, are not. */
const RUN_AS_FORMULA = /^\s*(?:[=@＝＠]|[+\-＋－](?![\d\s().-]*$))/;

/** Guards a text of others against being run by a spreadsheet: an apostrophe leads each formula in it. */
export function withoutFormulas(text: string): string {
  return text.replace(FORMULA, "'$&");
}

/** Whether a spreadsheet would run a cell, which must stay as it is because it is sent again. */
export function isFormula(cell: string): boolean {
  return RUN_AS_FORMULA.test(cell);
}
