import { Option } from 'commander';
import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import { JOB_STATUSES, type JobStatus } from '../../../lambdas/contract/statuses.ts';
import { truncate } from '../../../lambdas/contract/values.ts';
import type { BulkUpdateClient, Job, JobsOptions } from '../../client/index.ts';
import { type ApiFlags, clientOf } from '../api-command.ts';
import { jobName, positiveInteger } from '../arguments.ts';
import { print, say } from '../output.ts';
import { subcommand } from '../program.ts';
import { number } from '../progress.ts';
import { tableOf } from '../summary.ts';

/** A name has up to 200 characters. JSON has all of them. */
const MAX_SHOWN_NAME = 40;

/** The largest page of the API. */
const MAX_PAGE = 1000;

interface JobsFlags extends ApiFlags {
  limit: number;
  status?: JobStatus;
  procedure?: string;
  name?: string;
}

export const jobsCommand = subcommand('jobs', 'list the newest jobs')
  .addOption(new Option('--status <status>', 'list only jobs with this status').choices(JOB_STATUSES))
  .option('--procedure <name>', 'list only jobs of this procedure')
  .option('--name <text>', 'list only jobs whose name contains this text, regardless of case', jobName)
  .option('--limit <count>', 'maximum number of jobs to list', positiveInteger, 20)
  .action(async (flags: JobsFlags) => {
    const client = await clientOf(flags);
    const jobs: Job[] = [];
    for await (const job of client.jobs(await optionsOf(flags, client))) {
      jobs.push(job);
      if (jobs.length === flags.limit) break;
    }
    print(jobs, flags, () => say(tableOf(tableRows(jobs))));
  });

/** The API filters by short id; a procedure may be given by its id as well. */
async function optionsOf(
  { limit, status, procedure, name }: JobsFlags,
  client: BulkUpdateClient,
): Promise<JobsOptions> {
  const { shortId } = procedure === undefined ? {} : await client.procedure(procedure);
  return definedOf({ limit: Math.min(limit, MAX_PAGE), completionStatus: status, procedure: shortId, name });
}

const HEAD = [
  ...['job', 'name', 'procedure', 'created', 'status'],
  ...['total', 'applied', 'invalid', 'failed', 'cancelled', 'retryable'],
];

/** The rows of the table; with a column of undos only where there are any, as ids are long. */
function tableRows(jobs: readonly Job[]): (string | number)[][] {
  const hasUndos = jobs.some(({ undoes, undoneBy }) => undoes !== undefined || undoneBy !== undefined);
  return [
    [...HEAD, ...(hasUndos ? ['undo'] : [])],
    ...jobs.map((job) => [...rowOf(job), ...(hasUndos ? [undoOf(job)] : [])]),
  ];
}

function undoOf({ undoes, undoneBy }: Job): string {
  return [
    ...(undoes === undefined ? [] : [`undoes ${undoes}`]),
    ...(undoneBy === undefined ? [] : [`undone by ${undoneBy}`]),
  ].join(', ');
}

function rowOf({
  id,
  name,
  procedure,
  createdAt,
  completionStatus,
  total,
  isTotalFinal,
  counts,
  retryable,
}: Job): (string | number)[] {
  const { SUCCESS, INVALID, ERROR, CANCELLED } = counts;
  return [
    ...[id, truncate(name ?? '', MAX_SHOWN_NAME), procedure, timeOf(createdAt), completionStatus],
    // The rest of its file is not read yet.
    ...[isTotalFinal === false && completionStatus === 'IN_PROGRESS' ? `${number.format(total)}+` : total],
    ...[SUCCESS, INVALID, ERROR, CANCELLED, retryable],
  ];
}

function timeOf(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
