import { readFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import type { Command } from 'commander';
import { createDocumentClient } from '../lambdas/adapters/document-client.ts';
import { procedureFileSchema } from '../lambdas/contract/procedure-schema.ts';
import { say, sayJson, sayTable } from '../lib/cli/output.ts';
import { createProgram, runProgram, subcommand } from '../lib/cli/program.ts';
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

const put = tableCommand('put', 'create a procedure, or replace it')
  .argument('<file>', 'JSON file, e.g. lead.json')
  .action(async (file: string, flags: TableFlags) => {
    const procedure = parseProcedure(readFileSync(file, 'utf8'));
    sayJson(await proceduresIn(flags).put(procedure), 2);
  });

const get = tableCommand('get', 'print a procedure as JSON')
  .argument('<name>', 'short id of the procedure')
  .action(async (name: string, flags: TableFlags) => {
    const found = await proceduresIn(flags).get(name);
    if (found === undefined) {
      throw new Error(`The team ${flags.team} has no procedure ${name}. "list" shows those it has.`);
    }
    sayJson(found, 2);
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
