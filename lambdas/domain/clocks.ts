import { MAX_ENTRIES } from '../contract/limits.ts';
import type { Origin, Process } from '../contract/process.ts';
import type { FieldName } from './field.ts';

/** What a process tells of who set its fields. */
export type Clocks = Pick<Process, 'clocks' | 'origins'>;

/** The order number of the newest update that set a field, whether or not that was undone since; -1 for none. */
export function clockOf({ clocks }: Clocks, field: FieldName): number {
  const clock: unknown = Object.hasOwn(clocks ?? {}, field) ? clocks?.[field] : undefined;
  return typeof clock === 'number' ? clock : -1;
}

/** Where the value of a field comes from, if that is not the update of its clock. */
export function originOf(known: Clocks, field: FieldName): Origin | undefined {
  const origin = storedOrigin(known, field);
  // With another clock, a newer update has set the field since.
  return origin?.at === clockOf(known, field) ? origin : undefined;
}

/** The order number of the update that brought the value which a field has; -1 for none. */
export function clockOfValue(known: Clocks, field: FieldName): number {
  return originOf(known, field)?.of ?? clockOf(known, field);
}

/** The order number of the update or the undo that last wrote a field; -1 for none. */
export function writerOf(known: Clocks, field: FieldName): number {
  return originOf(known, field)?.by ?? clockOf(known, field);
}

/** Whether a field shows that an update was applied, though its value may have been undone since. */
export function isAppliedTo(known: Clocks, field: FieldName, order: number): boolean {
  return clockOf(known, field) === order || originOf(known, field)?.of === order;
}

/** Whether a newer update has set a field, whether or not that was undone since. */
export function isOlder(known: Clocks, field: FieldName, order: number): boolean {
  return clockOf(known, field) > order;
}

/**
 * Whether an update comes too late for a field: a newer one brought its value, or the update was undone.
 *
 * Once an undo has given a field an older value back, an update that was accepted between that value and the undone one
 * wins, as it would have without the undone job. The undone updates themselves do not, when a copy of one is delivered.
 */
export function isOvertaken(known: Clocks, field: FieldName, order: number): boolean {
  const origin = originOf(known, field);
  if (origin === undefined) return isOlder(known, field, order);
  return origin.of > order || (order < origin.at && isUndoneOn(origin, order));
}

/** Whether an update, or another of its job, was undone on a field of that origin. */
export function isUndoneOn({ at, void: others = [] }: Origin, order: number): boolean {
  return isOfSameJob(at, order) || others.includes(sequenceOf(order));
}

/** Whether an order number is of the same job as another one. */
export function isOfSameJob(order: number, other: number): boolean {
  return sequenceOf(order) === sequenceOf(other);
}

/** The place of its request in the team's order of acceptance. */
export function sequenceOf(order: number): number {
  return Math.floor(order / MAX_ENTRIES);
}

/** The order number of the first deletion of a process that was undone, whatever has become of the process since. */
export function undeletedFrom(known: Clocks): number | undefined {
  const origin = storedOrigin(known, 'isDeleted');
  return origin?.from ?? origin?.at;
}

/** What is stored of where a value comes from, though a newer update may have set the field since. */
export function storedOrigin({ origins }: Clocks, field: FieldName): Origin | undefined {
  const origin: unknown = Object.hasOwn(origins ?? {}, field) ? origins?.[field] : undefined;
  return isOrigin(origin) ? origin : undefined;
}

/** Another system may have written anything. */
function isOrigin(origin: unknown): origin is Origin {
  if (typeof origin !== 'object' || origin === null) return false;
  const { at, of, by, from = -1, void: others = [] } = origin as Partial<Record<keyof Origin, unknown>>;
  return Array.isArray(others) && [at, of, by, from, ...others].every((clock) => typeof clock === 'number');
}
