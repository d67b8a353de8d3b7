import { basename } from 'node:path';
import { Option } from 'commander';
import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import { MAX_ENTRIES } from '../../../lambdas/contract/limits.ts';
import { oneLine } from '../../../lambdas/contract/printable.ts';
import { CLEAR_MARKER } from '../../../lambdas/rows/csv-item.ts';
import { ENCODINGS } from '../../../lambdas/rows/encoding.ts';
import { FILE_FORMATS, type FileFormat } from '../../../lambdas/rows/file-format.ts';
import type { Creates } from '../../client/creates.ts';
import { ApiError, type FileJobOptions, type ProcedureView, type Safeguards } from '../../client/index.ts';
import { labelOfFile } from '../../client/job-label.ts';
import { clientOf } from '../api-command.ts';
import {
  batchSize,
  clearMarker,
  delimiterOf,
  expectation,
  jobName,
  localeOf,
  mapping,
  percentage,
  positiveInteger,
  resumableRun,
  timeZoneOf,
} from '../arguments.ts';
import { lineFor, lineToResume, lineToSendFailed } from '../command-lines.ts';
import { exitCodeOf } from '../exit-code.ts';
import { assertFree } from '../failed-file.ts';
import { FileJobRun, type FileJobRunOptions } from '../file-job-run.ts';
import { FileRun, type Report } from '../file-run.ts';
import { type Input, openInput } from '../input.ts';
import { columnOptionsOf } from '../map-file.ts';
import { complain, print, say } from '../output.ts';
import { readProcedure } from '../procedures.ts';
import { subcommand } from '../program.ts';
import { sendingWay } from '../sending-way.ts';
import { assertDryRunReached } from '../settings.ts';
import { whenStopped } from '../signals.ts';
import { openSource } from '../source.ts';
import { type SubmitFlags, strayFlag } from '../submit-flags.ts';
import { countsTable, interruption, nextSteps, plannedTable, refusalLines, tableOf } from '../summary.ts';
import { progress, REPORT_EVERY_SECONDS } from '../terminal.ts';
import { UploadStates, uploadsFolder } from '../upload-states.ts';
import { UsageError } from '../usage-error.ts';

export const submitCommand = subcommand('submit', 'send the updates of a file')
  .argument(
    '<file>',
    'CSV, workbook (.xlsx), NDJSON, or JSON (an array, or { "processes": [ … ] }); - for standard input',
  )
  .requiredOption('-p, --procedure <name>', 'procedure of the processes, e.g. lead')
  .option('--name <text>', 'what to call the jobs; default: as the file', jobName)
  .option('--key <column>', 'column that identifies the process; default: id and the primary key')
  .option(
    '--map <column=name>',
    'what the API calls a column; an empty name omits the column; repeatable',
    mapping,
  )
  .option('--map-file <file>', 'JSON with the columns, and how their cells are read; --map overrides it')
  .option(
    '--expect <column=member>',
    'column with what the process must have, else its row fails; the member is version, state, status, assignedTo, nextActionAt or an attribute; repeatable',
    expectation,
  )
  .addOption(
    new Option(
      '--locale <locale>',
      'read cells as people write them there: numbers, dates, yes and no, options; e.g. de',
    ).argParser(localeOf),
  )
  .addOption(
    new Option('--time-zone <zone>', 'where local times are, e.g. Europe/Berlin').argParser(timeZoneOf),
  )
  .addOption(
    new Option('--clear-marker <text>', 'cell that clears a field; an empty cell leaves it unchanged')
      .argParser(clearMarker)
      .default(CLEAR_MARKER, CLEAR_MARKER),
  )
  .option('--delimiter <character>', 'delimiter of a CSV, or "tab"; default: detected', delimiterOf)
  .option('--pad-short-rows', 'treat missing cells at the end of a CSV row as empty')
  .option('--ignore-unknown-columns', 'omit the columns that are not attributes')
  .addOption(new Option('--format <format>', 'default: detected from the content').choices(FILE_FORMATS))
  .addOption(
    new Option('--encoding <name>', 'encoding of the file; default: detected, else utf-8').choices(ENCODINGS),
  )
  .option('--sheet <name>', 'sheet of a workbook, by its name or number; default: the first with rows')
  .option(
    '--header-row <number>',
    'row of a workbook that names the columns; default: the first that looks like it',
    positiveInteger,
  )
  .option(
    '--batch-size <items>',
    'items in a request, 1 to 10,000; keep it when you continue a run; other than 10,000, the file is sent as by --requests',
    batchSize,
    MAX_ENTRIES,
  )
  .option(
    '--requests',
    'send a file of more than 10,000 rows in requests, each a job of its own; default: as one job',
  )
  .option(
    '--canary <items>',
    'apply that many items of the file, or of each request, first, and the rest only if none fails, or few enough by --abort-on-error-percent',
    batchSize,
  )
  .option(
    '--abort-on-error-percent <percent>',
    'stop when more than that percentage of the processed items have failed',
    percentage,
  )
  .option('--dry-run', 'report what would happen, and change nothing')
  .option(
    '--reject-invalid',
    'send nothing if any row of the file is invalid; the whole file is checked first, as by --dry-run',
  )
  .addOption(
    new Option(
      '--plan',
      'store what would happen, and change nothing until you approve it; each request of the file is a plan of its own',
    ).conflicts(['dryRun', 'watch']),
  )
  .addOption(
    new Option(
      '--create',
      'create a process for each item; one whose primary key exists fails; not with --expect',
    ).conflicts(['upsert', 'expect']),
  )
  .option(
    '--upsert',
    'update what exists, and create the process of an item whose primary key is missing; with --expect, such an item creates nothing and fails',
  )
  .option('--watch', 'wait until the updates are applied')
  .option('--resend', 'also send what was accepted from this file in the last 24 hours')
  .addOption(
    new Option('--continue <run>', 'continue a stopped run of --resend, by the time that it printed')
      .argParser(resumableRun)
      .conflicts('resend'),
  )
  .option(
    '--failed <file>',
    'new file for the failed rows; default: leads.failed.csv for leads.csv, or the next free name',
  )
  .action(submit);

async function submit(file: string, flags: SubmitFlags): Promise<void> {
  const { watch = false, dryRun = false, rejectInvalid, plan, failed: failedPath } = flags;
  if (file === '-' && flags.apiKeyFile === '-') {
    throw new UsageError(
      'Standard input cannot hold both the items and the API key. Put one of them into a file.',
    );
  }
  assertDryRunReached(process.env);
  if (failedPath !== undefined) await assertFree(failedPath);
  const client = await clientOf(flags);
  const procedure = await readProcedure(client, flags.procedure);
  const input = await inputOf(file, procedure, flags).catch((error: unknown) => {
    complain('Nothing was sent.');
    throw error;
  });
  for (const warning of input.warnings) complain(oneLine(warning));

  const run = flags.resend === true ? new Date().toISOString() : flags.continue;
  const { isFileJob, notice } = sendingWay(input.total, flags);
  if (notice !== undefined) complain(notice);
  const options = {
    procedure: procedure.shortId,
    watch,
    everySeconds: REPORT_EVERY_SECONDS,
    salt: run,
    failedPath,
  };
  const fileRun = isFileJob
    ? new FileJobRun(client, input, { ...options, ...fileJobOf(file, flags) }, progress)
    : new FileRun(
        client,
        input,
        {
          ...options,
          ...labelOf(file, flags),
          itemsPerRequest: flags.batchSize,
          dryRun,
          rejectInvalid,
          plan,
          creates: createsOf(flags),
          safeguards: safeguardsOf(flags),
        },
        progress,
      );
  const resume = run === undefined ? undefined : lineToResume(file, flags, run);
  const tellHowToContinue = () => {
    if (!dryRun) complain(interruption(fileRun.report(), resume));
  };
  whenStopped(tellHowToContinue);
  try {
    const report = await fileRun.run();
    progress.stop();
    if (report.refused !== undefined) showRefusal(report, flags, input.noun);
    else showReport(report, flags, { resume, failedFormat: input.failed.extension });
  } catch (error) {
    progress.stop();
    const isRefused = error instanceof ApiError && !error.isPassing;
    // The same command would be refused again.
    if (!isRefused || fileRun.report().sent > 0) tellHowToContinue();
    throw error;
  }
}

function createsOf({ create, upsert }: SubmitFlags): Creates | undefined {
  if (create) return 'all';
  return upsert ? 'missing' : undefined;
}

/** The same for each request of a file. */
function safeguardsOf({ canary, abortOnErrorPercent: errorPercent }: SubmitFlags): Safeguards | undefined {
  if (canary === undefined && errorPercent === undefined) return undefined;
  return definedOf({ canary, abortOn: errorPercent === undefined ? undefined : { errorPercent } });
}

/** How a file becomes one job. */
function fileJobOf(path: string, flags: SubmitFlags): Pick<FileJobRunOptions, 'job' | 'uploads'> {
  const { name, file } = labelOf(path, flags);
  const job: FileJobOptions = {
    ...definedOf({ name, source: file === undefined ? undefined : { file } }),
    ...safeguardsOf(flags),
    ...(createsOf(flags) === 'missing' && { onMissing: 'create' }),
  };
  return { job, uploads: new UploadStates(uploadsFolder(process.env)) };
}

const FORMAT_NAMES = { csv: 'CSV', xlsx: 'a workbook', ndjson: 'JSON', json: 'JSON' } as const;

/** The standard input has no name but the one that it is given. */
function labelOf(file: string, { name }: SubmitFlags): { name?: string | undefined; file?: string } {
  if (file === '-') return { name };
  const label = labelOfFile(basename(file));
  return { ...label, name: name ?? label.name };
}

async function inputOf(file: string, procedure: ProcedureView, flags: SubmitFlags): Promise<Input> {
  const source = await openSource(file, process.stdin, flags);
  const stray = strayFlag(source.format, flags);
  if (stray !== undefined) {
    throw new UsageError(
      `--${stray.name} is only for ${stray.isFor}, and the file is ${FORMAT_NAMES[source.format]}. Omit the flag.`,
    );
  }
  return openInput(source, procedure, await columnOptionsOf(flags));
}

/** Shows why nothing was sent. */
function showRefusal(report: Report, flags: SubmitFlags, noun: Input['noun']): void {
  print(report, flags, () => {
    for (const line of refusalLines(report, noun)) say(oneLine(line));
  });
  process.exitCode = exitCodeOf(report.counts);
}

function showReport(
  report: Report,
  flags: SubmitFlags,
  { resume, failedFormat }: { resume: string | undefined; failedFormat: FileFormat },
): void {
  const { watch: isWatched = false, dryRun: isDryRun = false, rejectInvalid: isRejecting = false } = flags;
  const commands = {
    watch: (jobId: string) => lineFor('watch', jobId, flags),
    plan: (command: 'plan' | 'approve' | 'cancel', jobId: string) => lineFor(command, jobId, flags),
    submit: (path: string) => lineToSendFailed(path, flags, failedFormat),
    // The file that --failed names is there by now.
    send: `the same command without --dry-run${flags.failed === undefined ? '' : ' and --failed'}`,
    resume,
  };
  const { created, planned } = report;
  print(report, flags, () => {
    say(
      planned === undefined
        ? countsTable(report.counts, { isDryRun, created })
        : plannedTable(planned, created),
    );
    if (report.failed !== undefined) say(`\n${tableOf(Object.entries(report.failed.codes))}`);
    say('');
    for (const step of nextSteps(report, commands, { isWatched, isDryRun, isRejecting })) say(oneLine(step));
  });
  process.exitCode = exitCodeOf({ ...report.counts, ...report.planned });
}
