import { readFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { type Command, Option } from 'commander';
import { createDocumentClient } from '../lambdas/adapters/document-client.ts';
import { oneLine } from '../lambdas/contract/printable.ts';
import { procedureFileSchema } from '../lambdas/contract/procedure-schema.ts';
import { namesList, positiveInteger } from '../lib/cli/arguments.ts';
import { complain, say, sayJson, sayTable } from '../lib/cli/output.ts';
import { createProgram, runProgram, subcommand } from '../lib/cli/program.ts';
import { askWhether, isInteractive } from '../lib/cli/prompts.ts';
import { assertDroppable } from '../lib/operations/dropped-attributes.ts';
import { changesOf } from '../lib/operations/procedure-changes.ts';
import { ProcedureTable, parseProcedure } from '../lib/operations/procedures.ts';

interface TableFlags {
  table: string;
  team: string;
}

const validate = subcommand('validate', 'check the file of a procedure')
  .argument('<file>', 'JSON file, e.g. lead.json')
  .action((file: string) => {
    const { shortId } = parseProcedure(readFileSync(file, 'utf8'));
    say(`${shortId} is valid`);
  });

interface PutFlags extends TableFlags {
  yes?: true;
  processesTable?: string;
  drop?: string[];
  readUnits: number;
}

const put = tableCommand('put', 'create a procedure, or show what changes and replace it')
  .argument('<file>', 'JSON file, e.g. lead.json')
  .option('--yes', 'change the procedure without asking')
  .addOption(
    new Option(
      '--processes-table <ProcessesTable>',
      'output of the stack, where processes are looked for that have an attribute which the file drops',
    ).env('ProcessesTable'),
  )
  .option('--drop <names>', 'attributes to drop whatever processes have, separated by commas', namesList)
  .option(
    '--read-units <count>',
    'maximum number of read units to look for processes',
    positiveInteger,
    10_000,
  )
  .action(putFile);

async function putFile(file: string, flags: PutFlags): Promise<void> {
  const procedures = proceduresIn(flags);
  const { procedure, stored } = await procedures.prepare(parseProcedure(readFileSync(file, 'utf8')));
  if (stored !== undefined) {
    const { lines, dropped } = changesOf(stored, procedure);
    const { team, shortId } = procedure;
    if (lines.length === 0) {
      complain(`${shortId} is stored as the file has it. Nothing changes.`);
      return sayJson(stored, 2);
    }
    complain([`${shortId} of team ${team}:`, ...lines].map(oneLine).join('\n'));
    const { drop: allowed = [], processesTable: table, readUnits: maxUnits } = flags;
    const query = { team, procedure: shortId, table, maxUnits };
    await assertDroppable(createDocumentClient(), dropped, allowed, query, complain);
    if (!(await isConfirmed(flags))) throw new Error('Nothing was changed.');
  }
  await procedures.put(procedure, stored);
  sayJson(procedure, 2);
}

async function isConfirmed({ yes }: PutFlags): Promise<boolean> {
  if (yes === true) return true;
  if (isInteractive()) return askWhether('Change it?');
  throw new Error(
    'Nothing was changed, as nobody can be asked. Give --yes to change the procedure without asking.',
  );
}

const get = tableCommand('get', 'print a procedure as JSON')
  .argument('<name>', 'short id of the procedure')
  .action(async (name: string, flags: TableFlags) => {
    const found = await proceduresIn(flags).get(name);
    if (found === undefined) {
      throw new Error(`The team ${flags.team} has no procedure ${name}. "list" shows those it has.`);
    }
    // As `put` takes it: the team is a flag.
    const { team: _, ...file } = found;
    sayJson(file, 2);
  });

const list = tableCommand('list', 'list the procedures of a team').action(async (flags: TableFlags) => {
  const procedures = await proceduresIn(flags).list();
  sayTable(
    procedures.map(({ shortId, name, primaryKey, attributes }) => ({
      shortId,
      name,
      primaryKey,
      attributes: Object.keys(attributes).length,
    })),
  );
});

const schema = subcommand('schema', 'print the JSON Schema of the file of a procedure').action(() => {
  // What JSON Schema cannot express is checked by `validate`.
  sayJson(toJsonSchema(procedureFileSchema, { errorMode: 'ignore' }), 2);
});

await runProgram(
  createProgram(
    'npm run procedures --',
    'Manages procedures. Region and credentials are those of the environment.',
    [validate, put, get, list, schema],
  ),
);

function tableCommand(name: string, summary: string): Command {
  return subcommand(name, summary)
    .requiredOption('--table <ProceduresTable>', 'table of the procedures, an output of the stack')
    .requiredOption('--team <team>', 'team of the procedure');
}

function proceduresIn({ table, team }: TableFlags): ProcedureTable {
  return new ProcedureTable(createDocumentClient(), table, team);
}
