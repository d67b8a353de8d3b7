import type { EntryCounts } from '../client.ts';
import { oneLine } from './printable.ts';
import { number } from './progress.ts';
import { shellWord } from './shell-word.ts';
import type { Report } from './submission.ts';

/** Counts for people. */
export function countsTable(counts: EntryCounts, { isDryRun = false } = {}): string {
  const { SUCCESS, INVALID, ERROR, CANCELLED, NOT_STARTED } = counts;
  const rows: [string, number, boolean][] = [
    [isDryRun ? 'would be applied' : 'applied', SUCCESS, true],
    ['invalid', INVALID, INVALID > 0],
    ['failed', ERROR, ERROR > 0],
    ['cancelled', CANCELLED, CANCELLED > 0],
    ['not applied yet', NOT_STARTED, NOT_STARTED > 0],
  ];
  return tableOf(rows.flatMap(([name, count, isShown]) => (isShown ? [[name, count]] : [])));
}

/** Rows as aligned text, numbers to the right. */
export function tableOf(rows: readonly (readonly (string | number)[])[]): string {
  const texts = rows.map((row) =>
    row.map((cell) => (typeof cell === 'number' ? number.format(cell) : oneLine(String(cell)))),
  );
  const widths = (texts[0] ?? []).map((_, column) =>
    Math.max(...texts.map((row) => row[column]?.length ?? 0)),
  );
  const lines = texts.map((row, position) =>
    row
      .map((text, column) => {
        const isNumber = typeof rows[position]?.[column] === 'number';
        return isNumber ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
      })
      .join('  ')
      .trimEnd(),
  );
  return lines.join('\n');
}

/**
 * How to go on after a submission, a sentence a line.
 * @param command - as the user calls it, with the flags that say what the columns are and where the API is
 */
export function nextSteps(
  { total, sent, sentBefore, jobs, counts, failed }: Report,
  { command, flags, where, watch }: { command: string; flags: string; where: string; watch: boolean },
): string[] {
  const isComplete = sent === total;
  const [job] = jobs;
  return [
    ...(sentBefore > 0
      ? [
          `${number.format(sentBefore)} of the items were accepted in the last 24 hours already and were not sent twice; --resend sends them again.`,
        ]
      : []),
    ...(isComplete && !watch && counts.NOT_STARTED > 0 && job !== undefined
      ? [
          jobs.length === 1
            ? `See what becomes of them: ${command} watch ${job} ${where}`.trimEnd()
            : 'See what becomes of them: run the same command with --watch; nothing is sent twice.',
        ]
      : []),
    ...(failed === undefined
      ? []
      : [
          `What failed is in ${failed.path} (${number.format(failed.rows)} of ${number.format(total)}). Correct it there and send it: ${[command, 'submit', shellWord(failed.path), flags, where].filter(Boolean).join(' ')}${watch ? ' --watch' : ''}`,
        ]),
  ];
}

/** What a submission that stopped half-way leaves, and how to go on. */
export function interruption({ total, sent, jobs }: Report): string {
  if (sent === 0) return 'Nothing was accepted yet. Run the same command again.';
  const what =
    sent === total
      ? 'Everything was sent'
      : `${number.format(sent)} of ${number.format(total)} items were sent`;
  return `${what}, in ${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'}. Run the same command again within 24 hours: what was sent is not sent twice.`;
}

/** Flags as a shell takes them. */
export function flagsOf(flags: readonly (readonly [name: string, value: string])[]): string {
  return flags.map(([name, value]) => `--${name} ${shellWord(value)}`).join(' ');
}
