import { oneLine } from '../../../lambdas/contract/printable.ts';
import type { Job } from '../../client/index.ts';
import { type ApiFlags, clientOf } from '../api-command.ts';
import { positiveInteger } from '../arguments.ts';
import { lineFor } from '../command-lines.ts';
import { print, say } from '../output.ts';
import { PlanReport } from '../plan-report.ts';
import { subcommand } from '../program.ts';
import { UsageError } from '../usage-error.ts';

interface PlanFlags extends ApiFlags {
  limit: number;
}

export const planCommand = subcommand('plan', 'show what a plan would change, before and after')
  .argument('<job>', 'id of the job that "submit --plan" printed')
  .option(
    '--limit <count>',
    'maximum number of rows to list of those that change, are created or fail',
    positiveInteger,
    20,
  )
  .action(async (jobId: string, flags: PlanFlags) => {
    const client = await clientOf(flags);
    const job = await client.job(jobId);
    if (job.plannedCounts === undefined) {
      throw new UsageError(`The job is not a plan. See its results: ${lineFor('entries', jobId, flags)}`);
    }
    const report = new PlanReport(flags.limit);
    for await (const entry of client.entries(jobId)) report.take(entry);
    print({ job, ...report.toJSON() }, flags, () => showPlan(job, report, flags));
  });

function showPlan(job: Job, report: PlanReport, flags: ApiFlags): void {
  const { id, name, procedure, completionStatus, statusMessage } = job;
  const named = name === null ? procedure : `${name}, ${procedure}`;
  say(oneLine(`${id} (${named}) is ${completionStatus}. ${statusMessage ?? ''}`.trimEnd()));
  for (const paragraph of report.paragraphs()) say(`\n${paragraph}`);
  say(
    completionStatus === 'PLANNED'
      ? `\nNothing is applied yet. Apply it: ${lineFor('approve', id, flags)}\nDiscard it: ${lineFor('cancel', id, flags)}`
      : `\nThis is what was planned. See the results: ${lineFor('entries', id, flags)}`,
  );
}
