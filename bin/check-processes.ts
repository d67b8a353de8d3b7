import { createDocumentClient } from '../lambdas/adapters/document-client.ts';
import { PRIMARY_KEY_INDEX } from '../lambdas/contract/tables.ts';
import { checkProcesses } from '../lib/operations/processes-table.ts';
import { CommandLine, runCommand } from './command-line.ts';
import { say } from './output.ts';

const USAGE = `Checks whether an existing table can hold the processes, before a deployment with -c processesTable=<name>.

  npm run check-processes -- --table <name> [--index ${PRIMARY_KEY_INDEX}] [--sample 1000]

It reads the table's description and some of its records, and writes nothing. Region and credentials are those of the
environment.`;

const line = new CommandLine(USAGE, ['table', 'index', 'sample']);
const { index = PRIMARY_KEY_INDEX, sample = '1000', ...options } = line.options;
const table = line.required('--table', options.table);
if (!/^\d+$/.test(sample)) line.fail(`--sample ${sample} is not a whole number`);

await runCommand(async () => {
  const { faults, records } = await checkProcesses(createDocumentClient(), {
    table,
    index,
    sample: Number(sample),
  });
  if (faults.length > 0) throw new Error(faults.join('\n'));
  say(
    `${table} can hold the processes: its keys, its index ${index} and ${records} records are as they have to be.`,
  );
});
