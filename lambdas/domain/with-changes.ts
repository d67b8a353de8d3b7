import { definedOf } from '../contract/defined-of.ts';
import type { Origin, Process } from '../contract/process.ts';
import { isCleared, type Writing } from './change.ts';
import { clockOf, originOf, storedOrigin, undeletedFrom } from './clocks.ts';
import { attributeName, type FieldName } from './field.ts';
import { isMap } from './process.ts';

/**
 * The clock of a field, and where its value comes from, after a write.
 *
 * An undo leaves the clock: what was accepted before it may still come, and must win where it would have won. So does an
 * update that wins over a value which an undo gave back, and is older than the undone one.
 */
export function markOf(process: Process, writing: Writing): { clock: number; origin: Origin | undefined } {
  const { field, order } = writing;
  const at = clockOf(process, field);
  const origin = originOf(process, field);
  if ('of' in writing) {
    const others = [...new Set([...(origin?.void ?? []), ...writing.void])];
    const undone = others.length === 0 ? undefined : others;
    const from = field === 'isDeleted' ? undeletedFrom(process) : undefined;
    return { clock: at, origin: definedOf({ at, of: writing.of, by: order, void: undone, from }) };
  }
  // What came after a deletion that was undone has been told of it, also where the process was deleted again.
  const kept = field === 'isDeleted' ? storedOrigin(process, field) : undefined;
  if (origin === undefined || order > at) return { clock: order, origin: kept };
  return { clock: at, origin: { ...origin, of: order, by: order } };
}

/** The process with changes written into it: what the store writes, and what a dry run goes on with. */
export function withChanges(process: Process, writings: readonly Writing[], now: number): Process {
  const data = new Map(Object.entries(process.data ?? {}));
  const clocks = new Map(Object.entries(process.clocks ?? {}));
  const hasOrigins = isMap(process.origins);
  const origins = new Map(hasOrigins ? Object.entries(process.origins ?? {}) : []);
  const fields = new Map<FieldName, unknown>();
  for (const writing of writings) {
    const { field, value } = writing;
    const { clock, origin } = markOf(process, writing);
    clocks.set(field, clock);
    if (origin === undefined) origins.delete(field);
    else origins.set(field, origin);
    const attribute = attributeName(field);
    if (attribute === undefined) fields.set(field, isCleared(writing) ? undefined : value);
    else if (isCleared(writing)) data.delete(attribute);
    else data.set(attribute, value);
  }
  const orders = writings.filter((writing) => !('of' in writing)).map(({ order }) => order);
  const clock = Math.max(process.clock ?? -1, ...orders);
  return definedOf({
    ...process,
    ...Object.fromEntries(fields),
    data: Object.fromEntries(data),
    clocks: Object.fromEntries(clocks),
    origins: hasOrigins || origins.size > 0 ? Object.fromEntries(origins) : process.origins,
    clock: clock < 0 ? undefined : clock,
    version: (process.version ?? 0) + 1,
    updatedAt: now,
  }) as Process;
}
