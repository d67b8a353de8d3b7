import { definedOf } from '../contract/defined-of.ts';
import type { Processes } from './ports.ts';
import type { EntryResult } from './results.ts';
import type { UpdateMessage } from './update-message.ts';

/**
 * What became of an update by what its process shows of it: an invocation may have written the process and died before it
 * recorded the result.
 *
 * @returns undefined when the process shows nothing of it, or cannot be told
 */
export async function traceOf(
  { team, procedure, target, order }: Pick<UpdateMessage, 'team' | 'procedure' | 'target' | 'order'>,
  processes: Processes,
): Promise<Pick<EntryResult, 'result' | 'processId'> | undefined> {
  const ids =
    target.id === undefined ? await processes.findIds(team, procedure, target.primaryKey ?? '') : [target.id];
  const [id, ...others] = ids;
  if (id === undefined || others.length > 0) return undefined;
  const result = await processes.traceOf({ id, team, procedure }, order);
  if (result === undefined) return undefined;
  return definedOf({ result, processId: target.id === undefined ? id : undefined });
}
