import { readFileSync } from 'node:fs';
import { toJsonSchema } from '@valibot/to-json-schema';
import { createDocumentClient } from '../lambdas/adapters/document-client.ts';
import { procedureFileSchema } from '../lambdas/contract/procedure-schema.ts';
import { ProcedureTable, parseProcedure } from '../lib/operations/procedures.ts';
import { CommandLine, runCommand } from './command-line.ts';
import { say, sayJson, sayTable } from './output.ts';

const USAGE = `Manages procedures.

  npm run procedures -- validate lead.json
  npm run procedures -- put lead.json --table <ProceduresTable> --team acme
  npm run procedures -- get lead      --table <ProceduresTable> --team acme
  npm run procedures -- list          --table <ProceduresTable> --team acme
  npm run procedures -- schema        prints the JSON Schema of a file

The table is an output of the stack; region and credentials are those of the environment.`;

const line = new CommandLine(USAGE, ['table', 'team']);
const [command, subject] = line.positionals;
const { table, team } = line.options;
await runCommand(run);

async function run(): Promise<void> {
  switch (command) {
    case 'validate': {
      const { shortId } = parseProcedure(readFile());
      return say(`${shortId} is valid`);
    }
    case 'put':
      return sayJson(await procedures().put(parseProcedure(readFile())), 2);
    case 'get': {
      const shortId = line.required('the short id', subject);
      const found = await procedures().get(shortId);
      if (found === undefined) throw new Error(`${team} has no procedure ${shortId}`);
      return sayJson(found, 2);
    }
    case 'list': {
      const found = await procedures().list();
      return sayTable(
        found.map(({ shortId, name, primaryKey, attributes }) => ({
          ...{ shortId, name, primaryKey },
          attributes: Object.keys(attributes).length,
        })),
      );
    }
    case 'schema':
      // What JSON Schema cannot say is checked by `validate`.
      return sayJson(toJsonSchema(procedureFileSchema, { errorMode: 'ignore' }), 2);
    default:
      line.fail(`There is no command ${command ?? '(none)'}`);
  }
}

function procedures(): ProcedureTable {
  const name = line.required('--table', table);
  return new ProcedureTable(createDocumentClient(), name, line.required('--team', team));
}

function readFile(): string {
  return readFileSync(line.required('the file', subject), 'utf8');
}
