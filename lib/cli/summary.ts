import { oneLine } from '../../lambdas/contract/printable.ts';
import type { EntryCounts } from '../client/index.ts';
import type { Report } from './file-run.ts';
import { number } from './progress.ts';

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

/** Commands that go on after a submission, as the user calls it. */
export interface Commands {
  /** Watches a job. */
  watch: (jobId: string) => string;
  /** Sends a file of failed rows. */
  submit: (path: string) => string;
  /** Goes on with this run; undefined if the same command does. */
  resume: string | undefined;
}

/** How to go on after a submission, a sentence a line. */
export function nextSteps(
  { total, sent, sentBefore, jobs, counts, failed }: Report,
  { watch, submit, resume }: Commands,
  { isWatched }: { isWatched: boolean },
): string[] {
  const isWaiting = sent === total && !isWatched && counts.NOT_STARTED > 0;
  const [job] = jobs;
  return [
    ...(sentBefore > 0
      ? [
          `${number.format(sentBefore)} of the items were accepted in the last 24 hours already and were not sent twice.${resume === undefined ? ' To send them again, add --resend.' : ''}`,
        ]
      : []),
    ...(isWaiting && job !== undefined
      ? [
          jobs.length === 1
            ? `See what becomes of them: ${watch(job)}`
            : `See what becomes of them: ${resume === undefined ? 'run the same command with --watch' : `${resume} --watch`}; nothing is sent twice.`,
        ]
      : []),
    ...(failed === undefined
      ? []
      : [
          `What failed is in ${failed.path} (${number.format(failed.rows)} of ${number.format(total)}). Correct it there and send it: ${submit(failed.path)}`,
        ]),
  ];
}

/** What a submission that stopped half-way leaves, and how to go on. @param resume - see {@link Commands} */
export function interruption({ total, sent, jobs }: Report, resume?: string): string {
  if (sent === 0 && resume === undefined) return 'Nothing was accepted yet. Run the same command again.';
  const what =
    sent === total
      ? 'Everything was sent'
      : `${number.format(sent)} of ${number.format(total)} items were sent`;
  const told = `${what}, in ${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'}.`;
  return resume === undefined
    ? `${told} Run the same command again within 24 hours: what was sent is not sent twice.`
    : `${told} Go on within 24 hours, so that what was sent is not sent twice: ${resume}`;
}
