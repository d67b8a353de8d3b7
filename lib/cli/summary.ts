import { counted } from '../../lambdas/contract/counted.ts';
import { MAX_REFUSAL_ERRORS } from '../../lambdas/contract/limits.ts';
import { oneLine } from '../../lambdas/contract/printable.ts';
import type { EntryCounts, PlannedCounts } from '../client/index.ts';
import { noCounts } from './counts.ts';
import type { FailedFile } from './failed-file.ts';
import type { Report } from './file-run.ts';
import { number } from './progress.ts';

/** Formats counts for people. */
export function countsTable(
  counts: EntryCounts,
  { isDryRun = false, created }: { isDryRun?: boolean; created?: number | undefined } = {},
): string {
  const { SUCCESS, INVALID, ERROR, CANCELLED, NOT_STARTED } = counts;
  const rows: [string, number, boolean][] = [
    [isDryRun ? 'would be applied' : 'applied', SUCCESS, true],
    // Indented, as they are among those above.
    [isDryRun ? '  would be created' : '  created', created ?? 0, created !== undefined],
    ['invalid', INVALID, INVALID > 0],
    ['failed', ERROR, ERROR > 0],
    ['cancelled', CANCELLED, CANCELLED > 0],
    ['not applied yet', NOT_STARTED, NOT_STARTED > 0],
  ];
  return tableOf(rows.flatMap(([name, count, isShown]) => (isShown ? [[name, count]] : [])));
}

/** Formats what a plan sums up to. */
export function plannedTable(planned: PlannedCounts, created?: number): string {
  return countsTable({ ...noCounts(), ...planned }, { isDryRun: true, created });
}

/** Formats rows as aligned text, numbers to the right. */
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

/** Commands that the user can copy after a run. */
export interface Commands {
  /** Watches a job. */
  watch: (jobId: string) => string;
  /** Sends a file of failed rows. */
  submit: (path: string) => string;
  /** Shows, approves or discards a plan. */
  plan: (command: 'plan' | 'approve' | 'cancel', jobId: string) => string;
  /** Sends what a dry run tried. */
  send: string;
  /** Continues this run. Undefined if the same command does. */
  resume: string | undefined;
}

/** Returns what the user can do next, a sentence a line. */
export function nextSteps(
  report: Report,
  commands: Commands,
  { isWatched, isDryRun = false, isRejecting = false }: RunKind,
): string[] {
  if (isDryRun) return triedSteps(report, commands, isRejecting);
  const { total, sent, jobs, counts, planned, aborted, failed, upload } = report;
  const { watch, submit, plan, resume } = commands;
  const steps = sentBeforeSteps(report, commands);
  if (aborted !== undefined) {
    steps.push(`The job ${aborted.id} is ${aborted.status}. ${aborted.message}`.trimEnd());
    const left = counted(total - sent, 'item was', 'items were');
    if (sent < total)
      steps.push(`${left} not sent. Correct the cause, then send the file again with --resend.`);
  }
  const [job] = jobs;
  if (planned !== undefined) steps.push(...planSteps(jobs, plan));
  else if (sent === total && !isWatched && counts.NOT_STARTED > 0 && job !== undefined) {
    const all = resume === undefined ? 'run the same command with --watch' : `${resume} --watch`;
    // The watch of a file job does not write its failed rows, which the same command does.
    steps.push(
      jobs.length === 1 && upload === undefined
        ? `See the results: ${watch(job)}`
        : `See the results, without sending anything twice: ${all}`,
    );
  }
  if (failed !== undefined) {
    const { are, them } = failedRows(failed, total);
    steps.push(`${are} in ${failed.path}. Correct ${them} and send the file: ${submit(failed.path)}`);
  }
  return steps;
}

/** How a file was sent. */
interface RunKind {
  isWatched: boolean;
  isDryRun?: boolean;
  /** Whether nothing is sent while a row is invalid. */
  isRejecting?: boolean;
}

function failedRows({ rows }: FailedFile, total: number): { are: string; them: string } {
  const share = `(${number.format(rows)} of ${number.format(total)})`;
  return rows === 1
    ? { are: `The failed row ${share} is`, them: 'it' }
    : { are: `The failed rows ${share} are`, them: 'them' };
}

/** Returns what to do after a dry run: the rows that would not fail are not sent either. */
function triedSteps(
  { total, counts, failed }: Report,
  { send, submit }: Commands,
  isRejecting: boolean,
): string[] {
  if (failed === undefined) return [`Nothing was sent. To send the file, run ${send}.`];
  const { are, them } = failedRows(failed, total);
  if (isRejecting && counts.INVALID > 0) {
    return [
      `Nothing was sent, and with --reject-invalid nothing is while a row is invalid. ${are} in ${failed.path}.`,
      `Correct ${them} in the file itself, then run ${send}.`,
    ];
  }
  const good = total - failed.rows;
  const share = `(${number.format(good)} of ${number.format(total)})`;
  const others = good === 1 ? `other row ${share}` : `other rows ${share}`;
  const line = submit(failed.path);
  return good === 0
    ? ['Nothing was sent.', `${are} in ${failed.path}. Correct ${them} and send the file: ${line}`]
    : [
        `Nothing was sent. First send the ${others}: run ${send}. It writes the failed rows to a file again.`,
        `${are} in ${failed.path}. Then correct ${them} and send that file, too: ${line}`,
      ];
}

/** Returns what is not sent, as it was accepted before, and what of it was undone since. */
function sentBeforeSteps({ sentBefore, undone = [] }: Report, { watch, resume }: Commands): string[] {
  if (sentBefore === 0) return [];
  const them = sentBefore === 1 ? 'it' : 'them';
  const again = resume === undefined ? `To send ${them} again, add --resend.` : '';
  const items = counted(sentBefore, 'item was', 'items were');
  const told = `${items} already accepted in the last 24 hours and not sent twice.`;
  if (undone.length === 0) return [`${told} ${again}`.trimEnd()];
  return [
    told,
    ...undone.map(({ id, by, isWhole }) => {
      const now = isWhole ? 'Nothing of it is applied now.' : `See what was undone: ${watch(by)}`;
      return `The job ${id} was undone by ${by}. ${now}`;
    }),
    resume === undefined ? again : 'To send the file again, use --resend in place of --continue.',
  ];
}

/** Returns how plans are looked at, approved and discarded. */
function planSteps(jobs: readonly string[], line: Commands['plan']): string[] {
  const [job = ''] = jobs;
  const isOne = jobs.length === 1;
  // What comes to the same process later wins, by the order of approval.
  const several = [
    `The file has ${counted(jobs.length, 'request')}, and each is a plan of its own. Approve them in the order of the file:`,
    ...jobs.map((id) => `  ${id}`),
  ];
  const commands = [
    ['Look at', 'plan'],
    ['Apply', 'approve'],
    ['Discard', 'cancel'],
  ] as const;
  return [
    'Nothing is applied yet. A plan waits 24 hours for its approval.',
    ...(isOne ? [] : several),
    ...commands.map(
      ([verb, command]) => `${verb} ${isOne ? 'it' : 'each'}: ${line(command, isOne ? job : 'JOB')}`,
    ),
  ];
}

/** Returns why nothing of a file was sent, and what to do: a line for each error of its invalid rows. */
export function refusalLines({ total, counts, refused = [] }: Report, noun: string): string[] {
  const { INVALID: invalid } = counts;
  const [are, them] = invalid === 1 ? ['is', 'it'] : ['are', 'them'];
  const errors = refused.flatMap((row) =>
    row.errors.map(({ code, message }) => `${noun} ${row.line}: ${message} (${code})`),
  );
  const isCut = refused.length < invalid || errors.length >= MAX_REFUSAL_ERRORS;
  return [
    `Nothing was sent: ${number.format(invalid)} of ${counted(total, 'row')} ${are} invalid.`,
    ...errors,
    ...(isCut ? [`These are the first ${counted(errors.length, 'error')}.`] : []),
    `Correct ${them}, and run the same command again.`,
  ];
}

function megabytes(bytes: number): string {
  return number.format(Math.ceil(bytes / 1_000_000));
}

/** Returns what a run that stopped half-way has sent, and how to continue. @param resume - see {@link Commands} */
export function interruption({ total, sent, jobs, upload }: Report, resume?: string): string {
  if (sent === 0 && upload !== undefined && upload.uploaded > 0) {
    const { uploaded, size } = upload;
    const told = `${megabytes(uploaded)} of ${megabytes(size)} MB are uploaded, and nothing is applied yet.`;
    return resume === undefined
      ? `${told} Run the same command again within 24 hours, and it goes on there.`
      : `${told} Go on within 24 hours: ${resume}`;
  }
  if (sent === 0 && resume === undefined) return 'Nothing was accepted yet. Run the same command again.';
  const what =
    sent === total
      ? 'Everything was sent'
      : `${number.format(sent)} of ${counted(total, 'item')} ${sent === 1 ? 'was' : 'were'} sent`;
  const told = `${what}, in ${counted(jobs.length, 'job')}.`;
  const how = resume === undefined ? 'Run the same command again' : 'Continue';
  const command = resume === undefined ? '.' : `: ${resume}`;
  return `${told} ${how} within 24 hours, and nothing is sent twice${command}`;
}
