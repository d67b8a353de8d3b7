import { Option } from 'commander';
import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import { oneLine, printable } from '../../../lambdas/contract/printable.ts';
import {
  ENTRY_STATUSES,
  type EntryStatus,
  OUTCOMES,
  type Outcome,
} from '../../../lambdas/contract/statuses.ts';
import { contradiction } from '../../client/api-error.ts';
import { isEntryOf } from '../../client/failures.ts';
import type { EntriesOptions } from '../../client/index.ts';
import { type ApiFlags, clientOf } from '../api-command.ts';
import { say } from '../output.ts';
import { subcommand } from '../program.ts';

interface EntriesFlags extends ApiFlags {
  status?: EntryStatus;
  outcome?: Outcome;
  identifier?: string;
  format: 'table' | 'csv' | 'ndjson';
}

export const entriesCommand = subcommand('entries', 'list the result of each item of a job')
  .argument('<job>', 'id of the job')
  .addOption(new Option('--status <status>', 'list only entries with this status').choices(ENTRY_STATUSES))
  .addOption(new Option('--outcome <outcome>', 'list only entries with this outcome').choices(OUTCOMES))
  .option('--identifier <text>', 'list only entries of the process with this id or primary key')
  .addOption(
    new Option('--format <format>', 'csv and ndjson include each item as it was sent')
      .choices(['table', 'csv', 'ndjson'])
      .default('table'),
  )
  .action(async (jobId: string, flags: EntriesFlags) => {
    const { status, outcome, identifier } = flags;
    const options = definedOf({ completionStatus: status, outcome, identifier });
    const format = flags.json === true ? 'ndjson' : flags.format;
    if (format === 'table') await printTable(jobId, flags, options);
    else await printText(jobId, flags, options, format);
  });

async function printTable(jobId: string, flags: ApiFlags, options: EntriesOptions): Promise<void> {
  const client = await clientOf(flags);
  say(['index', 'identifier', 'status', 'outcome or errors', 'line'].join('\t'));
  for await (const entry of client.entries(jobId, options)) {
    if (!isEntryOf(entry, Number.POSITIVE_INFINITY)) {
      throw contradiction(200, 'listed something other than the entries of a job');
    }
    const { index, line, identifier, completionStatus, outcome, kept, errors } = entry;
    const named = Object.values(identifier ?? {}).join(' ');
    const codes = [...new Set(errors.map(({ code }) => code))];
    const why = [...codes, ...errors.map(({ message }) => message)].join(' ');
    const came = kept === undefined ? outcome : `${outcome}, kept: ${kept.join(' ')}`;
    const cells = [index, named, completionStatus, came ?? why, ...(line ? [line] : [])];
    say(cells.map((cell) => oneLine(String(cell))).join('	'));
  }
}

async function printText(
  jobId: string,
  flags: ApiFlags,
  options: EntriesOptions,
  format: 'csv' | 'ndjson',
): Promise<void> {
  const client = await clientOf(flags);
  const mediaType = format === 'csv' ? 'text/csv' : 'application/x-ndjson';
  let isFirst = true;
  for await (const page of client.entriesText(jobId, mediaType, options)) {
    const hasHeader = format === 'csv' && !isFirst;
    const text = hasHeader ? page.slice(page.indexOf('\n') + 1) : page;
    // A CSV in a file is data and stays as it is; on a terminal it must not act.
    process.stdout.write(format === 'ndjson' || process.stdout.isTTY ? printable(text) : text);
    isFirst = false;
  }
}
