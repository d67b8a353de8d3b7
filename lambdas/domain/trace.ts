import { definedOf } from '../contract/defined-of.ts';
import { createdBy } from './creation.ts';
import type { Processes } from './ports.ts';
import type { EntryResult } from './results.ts';
import { indexesOf, type UpdateMessage } from './update-message.ts';

export type TracedEntry = Pick<EntryResult, 'index' | 'result' | 'processId'>;

/** Whether the entry may have created its process, whatever the index shows. */
interface Traced {
  create?: unknown;
}

/**
 * What became of an entry by what its process shows of it: an invocation may have written the process and died before it
 * recorded the result.
 *
 * @returns undefined when the process shows nothing of it, or cannot be told
 */
export async function traceOf(
  {
    team,
    procedure,
    target,
    order,
    index,
    create,
  }: Omit<UpdateMessage, 'jobId' | 'update' | 'create'> & Traced,
  processes: Processes,
): Promise<TracedEntry | undefined> {
  const { primaryKey } = target;
  if (create !== undefined && primaryKey !== undefined) {
    const key = { team, procedure, primaryKey };
    const processId = await createdBy(key, order, (each) => processes.get(each));
    if (processId !== undefined) return { index, result: { outcome: 'CREATED' }, processId };
  }
  const ids =
    target.id === undefined ? await processes.findIds(team, procedure, target.primaryKey ?? '') : [target.id];
  const [id, ...others] = ids;
  if (id === undefined || others.length > 0) return undefined;
  const result = await processes.traceOf({ id, team, procedure }, order, index);
  if (result === undefined) return undefined;
  return definedOf({ index, result, processId: target.id === undefined ? id : undefined });
}

/** The same of each entry of a message. */
export async function tracesOf(message: UpdateMessage, processes: Processes): Promise<TracedEntry[]> {
  const traced: TracedEntry[] = [];
  for (const index of indexesOf(message)) {
    const trace = await traceOf({ ...message, index }, processes);
    // All entries of an undo were decided together.
    if (trace === undefined) return [];
    traced.push(trace);
  }
  return traced;
}
