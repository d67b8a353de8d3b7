import { oneLine } from '../../../lambdas/contract/printable.ts';
import type { ProcedureView } from '../../client/index.ts';
import { type ApiFlags, apiCommand, clientOf } from '../api-command.ts';
import { COMMAND } from '../command-lines.ts';
import { print, say } from '../output.ts';
import { UsageError } from '../settings.ts';
import { tableOf } from '../summary.ts';

export const proceduresCommand = apiCommand(
  'procedures',
  'show a procedure: its primary key, states and attributes',
)
  .argument('[name]', 'short id of the procedure, e.g. lead')
  .action(async (name: string | undefined, flags: ApiFlags) => {
    if (name === undefined) {
      throw new UsageError(`Give the short id of a procedure, as in: ${COMMAND} procedures lead`);
    }
    const client = await clientOf(flags);
    const procedure = await client.procedure(name);
    print(procedure, flags, () => showProcedure(procedure));
  });

function showProcedure({ shortId, primaryKey, states, attributes }: ProcedureView): void {
  say(oneLine(`${shortId}: primary key ${primaryKey}, states ${states.join(', ')}`));
  const rows = Object.entries(attributes).map(([attribute, { type, options = [] }]) => [
    attribute,
    type,
    options.join(', '),
  ]);
  say(tableOf([['attribute', 'type', 'options'], ...rows]));
}
