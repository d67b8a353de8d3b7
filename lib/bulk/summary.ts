import type { EntryCounts } from '../client.ts';
import { number } from './progress.ts';
import type { Report } from './submission.ts';

/** Counts as a table for people. */
export function countsTable(counts: EntryCounts, { isDryRun = false } = {}): Record<string, number> {
  const { SUCCESS, INVALID, ERROR, CANCELLED, NOT_STARTED } = counts;
  const rows: [string, number, boolean][] = [
    [isDryRun ? 'would be applied' : 'applied', SUCCESS, true],
    ['invalid', INVALID, INVALID > 0],
    ['failed', ERROR, ERROR > 0],
    ['cancelled', CANCELLED, CANCELLED > 0],
    ['not applied yet', NOT_STARTED, NOT_STARTED > 0],
  ];
  return Object.fromEntries(rows.flatMap(([name, count, isShown]) => (isShown ? [[name, count]] : [])));
}

/**
 * How to go on after a submission, a sentence a line.
 * @param command - as the user calls it, and the flags that say what the columns are
 */
export function nextSteps(
  { total, sent, sentBefore, jobs, counts, failed }: Report,
  { command, flags, watch }: { command: string; flags: string; watch: boolean },
): string[] {
  const isComplete = sent === total;
  const [job] = jobs;
  return [
    ...(sentBefore > 0
      ? [
          `${number.format(sentBefore)} items were accepted in the last 24 hours already and were not sent twice; --resend sends them again.`,
        ]
      : []),
    ...(isComplete && !watch && counts.NOT_STARTED > 0 && job !== undefined
      ? [
          jobs.length === 1
            ? `What becomes of them tells: ${command} watch ${job}`
            : 'What becomes of them tells the same command with --watch; nothing is sent twice.',
        ]
      : []),
    ...(failed === undefined
      ? []
      : [
          `The ${number.format(failed.rows)} rows that failed are in ${failed.path}. Correct them and send them: ${command} submit ${failed.path} ${flags}`,
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
  return `${what}, in ${jobs.length} jobs. Run the same command again within 24 hours: what was sent is not sent twice.`;
}

/** Flags as a shell takes them. */
export function flagsOf(flags: readonly (readonly [name: string, value: string])[]): string {
  const quoted = (value: string) =>
    /^[\w.,:/=-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
  return flags.map(([name, value]) => `--${name} ${quoted(value)}`).join(' ');
}
