import { expect, test } from 'vitest';
import { formatOfCode, readNumberFormats } from '../../../../lambdas/rows/xlsx-number-formats.ts';
import { openPackage } from '../../../../lambdas/rows/xlsx-package.ts';
import { workbookWith } from '../../../support/workbooks.ts';

test.for([
  ['General', 'number'],
  ['Standard', 'number'],
  ['', 'number'],
  ['@', 'number'],
  ['#,##0.00\\ "€"', 'number'],
  ['_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', 'number'],
  ['[$€-407]\\ #,##0.00', 'number'],
  // https://github.com/nacnudus/tidyxl/issues/24
  ['#,##0_M_M_M;#,##0_M_M_M;_(@_M_M_M', 'number'],
  ['0.0############E-0', 'number'],
  // https://github.com/tidyverse/readxl/issues/388
  ['0;[Red]0', 'number'],
  ['[red]0;[Red]\\(#,##0\\)', 'number'],
  // https://github.com/yfedoseev/office_oxide/issues/147
  ['"yes";"no"', 'number'],
  ['0.00" days"', 'number'],
  ['#,##0,," M"', 'number'],
  ['#,##0.000\\ \\M\\W\\H', 'number'],
  ['0.00%', 'percent'],
  ['dd.mm.yyyy', 'date'],
  ['[$-409]d-mmm-yy;@', 'date'],
  ['yyyy"年"m"月"', 'date'],
  ['[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy', 'date'],
  ['mmm', 'date'],
  ['DD.MM.YYYY', 'date'],
  ['dd.mm.yyyy\\ hh:mm', 'date-time'],
  ['m/d/yy h:mm', 'date-time'],
  ['[$-409]m/d/yy\\ h:mm\\ AM/PM;@', 'date-time'],
  ['hh:mm', 'time'],
  ['mm:ss', 'time'],
  ['h:mm:ss AM/PM', 'time'],
  ['mm:ss.0', 'time'],
  // https://github.com/tafia/calamine/issues/318
  ['[h]:mm', 'duration'],
  ['[hh]:mm:ss', 'duration'],
  ['[mm]:ss', 'duration'],
  ['00000', 'padded'],
  ['0', 'number'],
  ['000.00', 'number'],
] as const)('%j is for a %s', ([code, is]) => {
  expect(formatOfCode(code).is).toBe(is);
});

test('a style has the format that it names, built in or not, and none of conditional formatting', async () => {
  const bytes = await workbookWith({ formats: [14, 9, 46, 'hh:mm', '0000', 1, 999] });
  const formats = await readNumberFormats(await openPackage(new Blob([bytes])), 'xl/styles.xml');
  expect(formats).toEqual([
    { is: 'number' },
    { is: 'date' },
    { is: 'percent' },
    { is: 'duration' },
    { is: 'time' },
    { is: 'padded', digits: 4 },
    { is: 'number' },
    { is: 'number' },
  ]);
});
