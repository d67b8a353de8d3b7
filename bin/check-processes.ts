import { createDocumentClient } from '../lambdas/adapters/document-client.ts';
import { counted } from '../lambdas/contract/counted.ts';
import { PRIMARY_KEY_INDEX } from '../lambdas/contract/tables.ts';
import { positiveInteger } from '../lib/cli/arguments.ts';
import { say } from '../lib/cli/output.ts';
import { createProgram, runProgram } from '../lib/cli/program.ts';
import { checkProcesses } from '../lib/operations/processes-table.ts';

interface CheckFlags {
  table: string;
  index: string;
  sample: number;
}

const program = createProgram(
  'npm run check-processes --',
  `Checks whether an existing table can hold the processes, before a deployment with -c processesTable=<name>.
It reads the description of the table and some of its records, and writes nothing.
Region and credentials are those of the environment.`,
)
  .requiredOption('--table <name>', 'the existing table')
  .option('--index <name>', 'its global secondary index on the primary key', PRIMARY_KEY_INDEX)
  .option('--sample <count>', 'maximum number of records to read', positiveInteger, 1000)
  .action(async ({ table, index, sample }: CheckFlags) => {
    const { faults, records } = await checkProcesses(createDocumentClient(), { table, index, sample });
    if (faults.length > 0) throw new Error(faults.join('\n'));
    say(
      `${table} can hold the processes: its keys, its index ${index} and ${counted(records, 'record')} are valid.`,
    );
  });

await runProgram(program);
