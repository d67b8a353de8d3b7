#!/usr/bin/env node
import { extname } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { MAX_ENTRIES } from '../lambdas/contract/limits.ts';
import { oneLine, printable } from '../lambdas/contract/printable.ts';
import { ENTRY_STATUSES, type EntryStatus } from '../lambdas/contract/statuses.ts';
import { CLEAR_MARKER } from '../lambdas/rows/csv-item.ts';
import { FILE_FORMATS, type FileFormat } from '../lambdas/rows/file-format.ts';
import { fileWord } from '../lambdas/rows/shell-word.ts';
import {
  batchSize,
  clearMarker,
  delimiterOf,
  mapping,
  positive,
  resumableRun,
} from '../lib/cli/arguments.ts';
import { checkCounts } from '../lib/cli/counts.ts';
import { EXIT_CODES, exitCodeOf, exitCodeOfError } from '../lib/cli/exit-code.ts';
import { assertFree } from '../lib/cli/failed-file.ts';
import { FileRun, type Report } from '../lib/cli/file-run.ts';
import { type Input, openInput } from '../lib/cli/input.ts';
import { createProgress, number } from '../lib/cli/progress.ts';
import { useProxy } from '../lib/cli/proxy.ts';
import { assertDryRunReached, readSettings, type SettingsFlags, UsageError } from '../lib/cli/settings.ts';
import { openSource } from '../lib/cli/source.ts';
import { type CsvFlags, csvFlags, type Flag, flagsOf } from '../lib/cli/submit-flags.ts';
import { countsTable, interruption, nextSteps, tableOf } from '../lib/cli/summary.ts';
import { contradiction } from '../lib/client/api-error.ts';
import { isEntryOf } from '../lib/client/failures.ts';
import {
  ApiError,
  BulkUpdateClient,
  type Job,
  type JobSummary,
  type ProcedureView,
} from '../lib/client/index.ts';
import { complain, say, sayJson } from './output.ts';

/** As the user calls it. */
const COMMAND = process.env.npm_lifecycle_event === 'bulk' ? 'npm run bulk --' : 'bulk-update';

interface CommonFlags extends SettingsFlags {
  json?: true;
}

interface SubmitFlags extends CommonFlags, CsvFlags {
  procedure: string;
  format?: FileFormat;
  batchSize: number;
  dryRun?: true;
  watch?: true;
  resend?: true;
  /** A run of `--resend`. */
  continue?: string;
  failed?: string;
}

interface EntriesFlags extends CommonFlags {
  status?: EntryStatus;
  format: 'table' | 'csv' | 'ndjson';
}

const progress = createProgress(process.stderr);
/** A bar lives by being looked after; lines are read later. */
const EVERY_SECONDS = process.stderr.isTTY ? 2 : 10;

/** Of an API's message, what is shown to people. */
const MAX_MESSAGE = 10_000;

const program = new Command('bulk-update')
  .description('Sends updates of processes from files, and tells to the last row what became of them.')
  .showHelpAfterError('Run with --help for usage.')
  .exitOverride()
  // Arguments may be names of files, which anyone may have chosen.
  .configureOutput({ writeErr: (text) => process.stderr.write(printable(text)) })
  .addHelpText(
    'after',
    `
Exit codes: 0 all applied (or accepted, without --watch), 1 some items failed, 2 the command, the file or the
request is wrong, 3 the API could not be reached or failed at every attempt, 130 stopped by Ctrl-C,
141 nobody reads its output.

Where and who: --url and --api-key-file, or BULK_UPDATE_URL and BULK_UPDATE_KEY, or --profile NAME of
~/.config/bulk-update/config.json: { "NAME": { "url": "https://…", "apiKey": "…" } }`,
  );

command('submit', 'send the updates of a file')
  .argument('<file>', 'CSV, NDJSON, or JSON (an array, or { "processes": [ … ] }); - is the standard input')
  .requiredOption('-p, --procedure <name>', 'the procedure that they are processes of, e.g. lead')
  .option('--key <column>', 'the column of a CSV that names the process; default: id and the primary key')
  .option(
    '--map <column=name>',
    'the name of a CSV column in the API; an empty one leaves the column out; repeat it for each column',
    mapping,
  )
  .option(
    '--clear-marker <text>',
    'the cell of a CSV that clears a field; an empty cell leaves it as it is',
    clearMarker,
    CLEAR_MARKER,
  )
  .option(
    '--delimiter <character>',
    'what is between the cells of a CSV, or tab; default: detected',
    delimiterOf,
  )
  .option('--pad-short-rows', 'take cells that are missing at the end of a CSV row for empty ones')
  .option('--ignore-unknown-columns', 'leave out the columns of a CSV that are no attributes')
  .addOption(new Option('--format <format>', 'default: detected from the content').choices(FILE_FORMATS))
  .option(
    '--batch-size <items>',
    'items a request, 1 to 10,000; keep it to go on with a run',
    batchSize,
    MAX_ENTRIES,
  )
  .option('--dry-run', 'tell what would become of them, and change nothing')
  .option('--watch', 'wait until they are applied')
  .option('--resend', 'send even what was accepted from this file in the last 24 hours')
  .addOption(
    new Option('--continue <run>', 'go on with a run of --resend that stopped, by the time that it told')
      .argParser(resumableRun)
      .conflicts('resend'),
  )
  .option(
    '--failed <file>',
    'a new file for the rows that failed; default: failed.csv or .ndjson, or the next free name',
  )
  .action(submit);

command('watch', 'wait until a job has ended')
  .argument('<job>')
  .action(async (jobId: string, flags: CommonFlags) => {
    let last: Job | undefined;
    for await (const job of (await clientOf(flags)).watch(jobId, { everySeconds: EVERY_SECONDS })) {
      checkCounts(job.counts, job.total);
      progress.update('processed', job.total - job.counts.NOT_STARTED, job.total);
      last = job;
    }
    progress.stop();
    if (last !== undefined) showJob(last, flags);
  });

command('entries', 'list what became of each item of a job')
  .argument('<job>')
  .addOption(new Option('--status <status>', 'only entries of it').choices(ENTRY_STATUSES))
  .addOption(
    new Option('--format <format>', 'csv and ndjson hold each item as it was sent')
      .choices(['table', 'csv', 'ndjson'])
      .default('table'),
  )
  .action(listEntries);

command('cancel', 'cancel what has not been applied of a job')
  .argument('<job>')
  .action(async (jobId: string, flags: CommonFlags) => {
    const job = await (await clientOf(flags)).cancel(jobId);
    print(job, flags, () => say(`It ends some seconds from now: ${watchCommand(job.id, flags)}`));
  });

command('retry', 'send again, as a new job, what failed for a passing reason')
  .argument('<job>')
  .action(async (jobId: string, flags: CommonFlags) => {
    const accepted = await (await clientOf(flags)).retry(jobId);
    print(accepted, flags, () =>
      say(`${number.format(accepted.total)} items are queued again: ${watchCommand(accepted.job.id, flags)}`),
    );
  });

command('jobs', 'list the newest jobs')
  .option('--limit <count>', 'maximum number of jobs to list', positive, 20)
  .action(async (flags: CommonFlags & { limit: number }) => {
    const jobs: JobSummary[] = [];
    for await (const job of (await clientOf(flags)).jobs({ limit: Math.min(flags.limit, 1000) })) {
      if (typeof job?.id !== 'string') throw contradiction(200, 'lists what is no job');
      jobs.push(job);
      if (jobs.length === flags.limit) break;
    }
    print(jobs, flags, () =>
      say(
        tableOf([
          ['job', 'procedure', 'created', 'status'],
          ...jobs.map(({ id, procedure, createdAt, completionStatus }) => [
            ...[id, procedure, timeOf(createdAt), completionStatus],
          ]),
        ]),
      ),
    );
  });

command('procedures', 'show a procedure: its primary key, states and attributes')
  .argument('<name>', 'its short id, e.g. lead')
  .action(async (name: string, flags: CommonFlags) => {
    const procedure = await (await clientOf(flags)).procedure(name);
    print(procedure, flags, () => {
      const { shortId, primaryKey, states } = procedure;
      say(oneLine(`${shortId}: primary key ${primaryKey}, states ${states.join(', ')}`));
      say(
        tableOf([
          ['attribute', 'type', 'options'],
          ...Object.entries(procedure.attributes).map(([attribute, { type, options }]) => [
            ...[attribute, type, options?.join(', ') ?? ''],
          ]),
        ]),
      );
    });
  });

/** What somebody who stops the command has to know. */
let tellInterruption = (): void => {};

await run();

async function run(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', endUnread);
  for (const [signal, exitCode] of [
    ['SIGINT', EXIT_CODES.interrupted],
    ['SIGTERM', EXIT_CODES.terminated],
    // Else what it wrote down of the standard input would stay.
    ['SIGHUP', EXIT_CODES.hungUp],
  ] as const) {
    process.once(signal, () => {
      progress.stop();
      tellInterruption();
      process.exit(exitCode);
    });
  }
  let flags: CommonFlags = {};
  program.hook('preAction', (_program, action) => {
    flags = action.opts();
  });
  try {
    await program.parseAsync();
  } catch (error) {
    progress.stop();
    process.exitCode = exitCodeOfError(error);
    // It has been printed.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_CODES.usage;
    else if (flags.json === true) sayJson({ error: described(error) });
    else complain(messageOf(error));
  }
}

function command(name: string, summary: string): Command {
  return program
    .command(name)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    .summary(summary)
    .option('--url <url>', 'where the API is')
    .option(
      '--api-key-file <file>',
      'a file with the API key, which only you may read; - is the standard input',
    )
    .addOption(new Option('--api-key <key>').conflicts('apiKeyFile').hideHelp())
    .option('--profile <name>', 'where the API is and the key, by the name of a profile')
    .option('--json', 'print JSON for programs');
}

async function submit(file: string, flags: SubmitFlags): Promise<void> {
  const { procedure: name, watch = false, dryRun = false, failed: failedPath } = flags;
  if (file === '-' && flags.apiKeyFile === '-') {
    throw new UsageError(
      'The standard input cannot hold both the items and the key. Give one of them by a file.',
    );
  }
  assertDryRunReached(process.env);
  if (failedPath !== undefined) await assertFree(failedPath);
  const client = await clientOf(flags);
  const procedure = await client.procedure(name);
  const input = await inputOf(file, procedure, flags).catch((error: unknown) => {
    complain('Nothing was sent.');
    throw error;
  });
  for (const warning of input.warnings) complain(oneLine(warning));
  const run = flags.resend === true ? new Date().toISOString() : flags.continue;
  const submission = new FileRun(
    client,
    input,
    {
      ...{ procedure: procedure.shortId, itemsPerRequest: flags.batchSize, dryRun, watch },
      ...{ everySeconds: EVERY_SECONDS, salt: run },
      ...(failedPath === undefined ? {} : { failedPath }),
    },
    progress,
  );
  const resume = run === undefined ? undefined : resumeCommand(file, flags, run);
  if (!dryRun)
    tellInterruption = () => complain(interruption(submission.report(), resume && watched(resume, watch)));
  try {
    const report = await submission.run();
    progress.stop();
    showReport(report, flags, { resume, failedFormat: input.failed.extension });
  } catch (error) {
    progress.stop();
    tellInterruption();
    throw error;
  }
}

async function inputOf(file: string, procedure: ProcedureView, flags: SubmitFlags): Promise<Input> {
  const source = await openSource(file, process.stdin, flags.format);
  const [flag] = source.format === 'csv' ? [] : csvFlags(flags).map(([csvFlag]) => `--${csvFlag}`);
  if (flag !== undefined) throw new UsageError(`${flag} is for a CSV, and this is JSON. Leave it out.`);
  return openInput(source, procedure, flags);
}

function showReport(
  report: Report,
  flags: SubmitFlags,
  { resume, failedFormat }: { resume: string | undefined; failedFormat: FileFormat },
): void {
  const { watch = false, dryRun: isDryRun = false } = flags;
  const commands = {
    ...{ watch: (jobId: string) => watchCommand(jobId, flags), resume },
    submit: (path: string) => watched(failedCommand(path, flags, failedFormat), watch),
  };
  print(report, flags, () => {
    say(countsTable(report.counts, { isDryRun }));
    if (report.failed !== undefined) say(`\n${tableOf(Object.entries(report.failed.codes))}`);
    say('');
    for (const step of nextSteps(report, commands, { isWatched: watch })) say(oneLine(step));
  });
  process.exitCode = exitCodeOf(report.counts);
}

/** Sends failed rows, which mean what they meant in their file. */
function failedCommand(path: string, flags: SubmitFlags, format: FileFormat): string {
  return submitCommand(path, flags, [
    ['procedure', flags.procedure],
    ...csvFlags(flags),
    // A name that --failed chose may tell another one.
    ...(extname(path) === `.${format}` ? [] : [['format', format] as const]),
  ]);
}

/** Goes on with a run of `--resend`: it cuts the same file into the same requests. */
function resumeCommand(file: string, flags: SubmitFlags, run: string): string {
  const { procedure, format, batchSize: size, failed } = flags;
  return submitCommand(file, flags, [
    ['procedure', procedure],
    ...csvFlags(flags),
    ...(format === undefined ? [] : [['format', format] as const]),
    ...(size === MAX_ENTRIES ? [] : [['batch-size', String(size)] as const]),
    ...(failed === undefined ? [] : [['failed', failed] as const]),
    ['continue', run],
  ]);
}

function submitCommand(path: string, flags: SubmitFlags, all: readonly Flag[]): string {
  return [COMMAND, 'submit', fileWord(path), flagsOf(all), whereOf(flags)].filter(Boolean).join(' ');
}

function watched(command: string, isWatched: boolean): string {
  return isWatched ? `${command} --watch` : command;
}

function showJob(job: Job, flags: CommonFlags): void {
  print(job, flags, () => {
    say(oneLine([job.id, job.completionStatus, job.statusMessage ?? ''].join(' ').trimEnd()));
    say(countsTable(job.counts));
  });
  process.exitCode = exitCodeOf(job.counts);
}

async function listEntries(jobId: string, flags: EntriesFlags): Promise<void> {
  const client = await clientOf(flags);
  const options = flags.status === undefined ? {} : { completionStatus: flags.status };
  const format = flags.json === true ? 'ndjson' : flags.format;
  if (format === 'table') {
    say(['index', 'identifier', 'status', 'outcome or errors'].join('\t'));
    for await (const entry of client.entries(jobId, options)) {
      if (!isEntryOf(entry, Number.POSITIVE_INFINITY))
        throw contradiction(200, 'lists what is no entry of a job');
      const { index, identifier, completionStatus, outcome, errors } = entry;
      const named = Object.values(identifier ?? {}).join(' ');
      const why = errors.map(({ code, message }) => `${code} ${message}`).join(' ');
      say([index, named, completionStatus, outcome ?? why].map((cell) => oneLine(String(cell))).join('\t'));
    }
    return;
  }
  let isFirst = true;
  const mediaType = format === 'csv' ? 'text/csv' : 'application/x-ndjson';
  for await (const page of client.entriesText(jobId, mediaType, options)) {
    const hasHead = format === 'csv' && !isFirst;
    const text = hasHead ? page.slice(page.indexOf('\n') + 1) : page;
    // A CSV that is not shown is data, to be kept as it is.
    process.stdout.write(format === 'ndjson' || process.stdout.isTTY ? printable(text) : text);
    isFirst = false;
  }
}

async function clientOf(flags: SettingsFlags): Promise<BulkUpdateClient> {
  if (flags.apiKey !== undefined) {
    complain(
      'Warning: other users can see a key in --api-key, and npm writes it to its logs. Give --api-key-file, BULK_UPDATE_KEY or --profile.',
    );
  }
  const settings = await readSettings(flags, process.env, process.stdin);
  const client = new BulkUpdateClient({
    ...settings,
    onRetry: ({ error, delayMs }) =>
      progress.note(`${messageOf(error)} Trying again in ${Math.ceil(delayMs / 1000)} s.`),
  });
  const warning = useProxy(settings.url, process.env);
  if (warning !== undefined) complain(warning);
  return client;
}

/** Where the API is, as flags; the key is not repeated. */
function whereOf({ url, profile, apiKeyFile }: SettingsFlags): string {
  return flagsOf([
    ...(apiKeyFile === undefined ? [] : [['api-key-file', apiKeyFile] as const]),
    ...(profile === undefined ? [] : [['profile', profile] as const]),
    ...(url === undefined ? [] : [['url', url] as const]),
  ]);
}

function watchCommand(jobId: string, flags: SettingsFlags): string {
  return `${COMMAND} watch ${jobId} ${whereOf(flags)}`.trimEnd();
}

/** Ends when nobody reads any more, as `head` does not, or nothing can be written: the rest would be in vain. */
function endUnread(error: NodeJS.ErrnoException): never {
  process.exit(error.code === 'EPIPE' ? EXIT_CODES.unread : EXIT_CODES.usage);
}

function print(value: unknown, { json = undefined }: CommonFlags, show: () => void): void {
  if (json === true) sayJson(value);
  else show();
}

function described(error: unknown): {
  message: string;
  status?: number;
  codes?: string[];
  requestId?: string;
} {
  if (error instanceof ApiError) {
    const { message, status, codes, requestId } = error;
    return { message, status, codes, ...(requestId === undefined ? {} : { requestId }) };
  }
  return { message: error instanceof Error ? error.message : String(error) };
}

/** The API's messages are sentences; those of a file stand in lines. */
function messageOf(error: unknown): string {
  const { message } = described(error);
  return error instanceof ApiError ? oneLine(message.slice(0, MAX_MESSAGE)) : message;
}

function timeOf(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
