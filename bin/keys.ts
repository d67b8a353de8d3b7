import { type Command, Option } from 'commander';
import { createDocumentClient } from '../lambdas/adapters/document-client.ts';
import { definedOf } from '../lambdas/contract/defined-of.ts';
import { DEFAULT_SCOPE, SCOPES, type Scope } from '../lambdas/contract/scopes.ts';
import { namesList, positive } from '../lib/cli/arguments.ts';
import { say, sayTable } from '../lib/cli/output.ts';
import { createProgram, runProgram, subcommand } from '../lib/cli/program.ts';
import { idOf, Keys, type StoredKey } from '../lib/operations/api-keys.ts';
import { ProcedureTable } from '../lib/operations/procedures.ts';

interface TableFlags {
  table: string;
}

interface CreateFlags extends TableFlags {
  team: string;
  procedures?: string[];
  proceduresTable?: string;
  days?: number;
  name?: string;
  scope: Scope;
}

interface RotateFlags extends TableFlags {
  id: string;
  overlapHours: number;
}

const HOUR_MS = 60 * 60 * 1000;

const create = keysCommand('create', 'create a key and print it, for the only time')
  .requiredOption('--team <team>', 'team whose data the key gives access to')
  .option(
    '--procedures <names>',
    'short ids, separated by commas; default: all procedures of the team',
    namesList,
  )
  .addOption(
    new Option(
      '--procedures-table <ProceduresTable>',
      'output of the stack, by which the names in --procedures are checked',
    ).env('ProceduresTable'),
  )
  .addOption(
    new Option(
      '--scope <scope>',
      'what the key may do: read; plan, which also takes dry runs; or write, which is everything',
    )
      .choices(SCOPES)
      .default(DEFAULT_SCOPE),
  )
  .option('--days <days>', 'days until the key expires; default: never', positive)
  .option('--name <name>', 'what the key is for, e.g. "CRM sync"')
  .action(async ({ table, team, procedures, proceduresTable, days, name, scope }: CreateFlags) => {
    await checkProcedures(team, procedures, proceduresTable);
    const expiresAt = days === undefined ? undefined : Date.now() + days * 24 * HOUR_MS;
    const { key, stored } = await keysIn(table).create({
      team,
      scope,
      ...definedOf({ procedures, expiresAt, name }),
    });
    say(key);
    sayTable([shown(stored)]);
  });

const listKeys = keysCommand('list', 'list the keys, without their secrets')
  .option('--team <team>', 'list only the keys of this team')
  .action(async ({ table, team }: TableFlags & { team?: string }) => {
    const keys = await keysIn(table).list(team);
    sayTable(keys.map(shown));
  });

const rotate = keysCommand('rotate', 'create a key with the same access, and let the old one expire')
  .requiredOption('--id <id>', 'id of the old key, as "list" shows it')
  .option('--overlap-hours <hours>', 'hours until the old key expires', positive, 24)
  .action(async ({ table, id, overlapHours }: RotateFlags) => {
    const { key, stored, old } = await keysIn(table).rotate(id, overlapHours * HOUR_MS);
    say(key);
    sayTable([shown(stored), shown(old)]);
  });

const revoke = keysCommand('revoke', 'delete a key')
  .requiredOption('--id <id>', 'id of the key, as "list" shows it')
  .action(async ({ table, id }: TableFlags & { id: string }) => {
    sayTable([shown(await keysIn(table).revoke(id))]);
  });

await runProgram(
  createProgram('npm run keys --', 'Manages API keys. Region and credentials are those of the environment.', [
    create,
    listKeys,
    rotate,
    revoke,
  ]),
);

function keysCommand(name: string, summary: string): Command {
  return subcommand(name, summary).requiredOption(
    '--table <ApiKeysTable>',
    'table of the keys, an output of the stack',
  );
}

function keysIn(table: string): Keys {
  return new Keys(createDocumentClient(), table, Date.now);
}

/** A misspelt procedure would make a key that gives access to nothing. */
async function checkProcedures(team: string, names: readonly string[] = [], table?: string): Promise<void> {
  if (names.length === 0) return;
  if (table === undefined) {
    throw new Error('No key was created. Give --procedures-table to check that the procedures exist.');
  }
  await new ProcedureTable(createDocumentClient(), table, team).assertExist(names);
}

function shown(key: StoredKey) {
  const day = (time: number | undefined) => (time === undefined ? '' : new Date(time).toISOString());
  return {
    id: idOf(key),
    name: key.name ?? '',
    team: key.team,
    scope: String(key.scope ?? DEFAULT_SCOPE),
    procedures: key.procedures?.join(',') ?? 'all',
    created: day(key.createdAt),
    expires: day(key.expiresAt) || 'never',
  };
}
