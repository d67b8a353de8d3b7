import { contradiction } from '../../client/api-error.ts';
import type { JobSummary } from '../../client/index.ts';
import { type ApiFlags, clientOf } from '../api-command.ts';
import { positiveInteger } from '../arguments.ts';
import { print, say } from '../output.ts';
import { subcommand } from '../program.ts';
import { tableOf } from '../summary.ts';

/** The largest page of the API. */
const MAX_PAGE = 1000;

interface JobsFlags extends ApiFlags {
  limit: number;
}

export const jobsCommand = subcommand('jobs', 'list the newest jobs')
  .option('--limit <count>', 'maximum number of jobs to list', positiveInteger, 20)
  .action(async (flags: JobsFlags) => {
    const client = await clientOf(flags);
    const jobs: JobSummary[] = [];
    for await (const job of client.jobs({ limit: Math.min(flags.limit, MAX_PAGE) })) {
      if (typeof job?.id !== 'string') throw contradiction(200, 'listed something other than jobs');
      jobs.push(job);
      if (jobs.length === flags.limit) break;
    }
    print(jobs, flags, () => say(tableOf([['job', 'procedure', 'created', 'status'], ...jobs.map(rowOf)])));
  });

function rowOf({ id, procedure, createdAt, completionStatus }: JobSummary): string[] {
  return [id, procedure, timeOf(createdAt), completionStatus];
}

function timeOf(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
