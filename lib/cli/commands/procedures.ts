import { oneLine } from '../../../lambdas/contract/printable.ts';
import type { ProcedureSummary, ProcedureView } from '../../client/index.ts';
import { type ApiFlags, clientOf } from '../api-command.ts';
import { print, say } from '../output.ts';
import { attributesTable, listProcedures, readProcedure } from '../procedures.ts';
import { subcommand } from '../program.ts';
import { tableOf } from '../summary.ts';

export const proceduresCommand = subcommand(
  'procedures',
  'show a procedure: its primary key, states and attributes; without a name, list those that the API key allows',
)
  .argument('[name]', 'short id of the procedure, e.g. lead')
  .action(async (name: string | undefined, flags: ApiFlags) => {
    const client = await clientOf(flags);
    if (name === undefined) {
      const procedures = await listProcedures(client);
      print(procedures, flags, () => showList(procedures));
      return;
    }
    const procedure = await readProcedure(client, name);
    print(procedure, flags, () => showProcedure(procedure));
  });

function showList(procedures: readonly ProcedureSummary[]): void {
  const rows = procedures.map(({ shortId, name, primaryKey }) => [shortId, name, primaryKey]);
  say(tableOf([['short id', 'name', 'primary key'], ...rows]));
}

function showProcedure(procedure: ProcedureView): void {
  const { shortId, primaryKey, states } = procedure;
  say(oneLine(`${shortId}: primary key ${primaryKey}, states ${states.join(', ')}`));
  say(attributesTable(procedure));
}
