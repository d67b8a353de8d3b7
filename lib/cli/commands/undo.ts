import { Option } from 'commander';
import { counted } from '../../../lambdas/contract/counted.ts';
import { oneLine } from '../../../lambdas/contract/printable.ts';
import type { BulkUpdateClient } from '../../client/index.ts';
import { type ApiFlags, clientOf } from '../api-command.ts';
import { positiveInteger } from '../arguments.ts';
import { lineFor } from '../command-lines.ts';
import { checkCounts } from '../counts.ts';
import { exitCodeOf } from '../exit-code.ts';
import { print, say } from '../output.ts';
import { subcommand } from '../program.ts';
import { UndoReport } from '../undo-report.ts';
import { watchJob } from '../watch-job.ts';

interface UndoFlags extends ApiFlags {
  dryRun?: true;
  watch?: true;
  limit: number;
}

export const undoCommand = subcommand('undo', 'give back what a job changed, where nothing newer has set it')
  .argument('<job>', 'id of the job')
  .addOption(
    new Option(
      '--dry-run',
      'show what would be given back, before and after, and what would stay; write nothing',
    ).conflicts('watch'),
  )
  .option('--watch', 'wait until the undo has ended, and show what became of the entries')
  .option(
    '--limit <count>',
    'with --dry-run: maximum number of rows to list of each kind',
    positiveInteger,
    20,
  )
  .action(async (jobId: string, flags: UndoFlags) => {
    const client = await clientOf(flags);
    if (flags.dryRun === true) return showUndo(client, jobId, flags);
    const accepted = await client.undo(jobId);
    const { job, total, isReplay } = accepted;
    if (flags.watch === true) return watchJob(client, job.id, flags);
    print(accepted, flags, () => {
      const entries = counted(total, 'entry is', 'entries are');
      const told = isReplay
        ? `The job is undone already, by ${job.id}.`
        : `${entries} queued to be undone, by ${job.id}.`;
      say(oneLine(`${told} Watch the undo: ${lineFor('watch', job.id, flags)}`));
    });
  });

/** Shows what an undo would do. */
async function showUndo(client: BulkUpdateClient, jobId: string, flags: UndoFlags): Promise<void> {
  const { entries, total, counts } = await client.undo(jobId, { dryRun: true });
  checkCounts(counts, entries.length);
  const report = new UndoReport(flags.limit);
  for (const entry of entries) report.take(entry);
  print({ total, counts, ...report.toJSON() }, flags, () => {
    for (const paragraph of report.paragraphs()) say(`${paragraph}\n`);
    say(`Nothing is undone yet. Undo it: ${lineFor('undo', jobId, flags)}`);
  });
  process.exitCode = exitCodeOf(counts);
}
