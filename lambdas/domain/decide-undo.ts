import { definedOf } from '../contract/defined-of.ts';
import type { Process } from '../contract/process.ts';
import type { Restoration } from './change.ts';
import { clockOf, clockOfValue, isUndoneOn, originOf, sequenceOf, writerOf } from './clocks.ts';
import { type Refusal, readDecisions } from './decided.ts';
import type { Decision } from './decision.ts';
import { type FieldName, fieldValue } from './field.ts';
import { type FieldImage, isOfCreation, isWithoutChange, markOfContent, markOfValue } from './image.ts';
import type { ApplyVerdict } from './ports.ts';
import { isMap } from './process.ts';
import type { Undo, UndoneEntry, UndoneResult, UndoneVerdict } from './undo.ts';
import { withChanges } from './with-changes.ts';

/** An undo of all that one job did to one process. */
export interface ProcessUndo {
  order: number;
  undo: Undo;
}

/**
 * Decides what the undo of a job gives back to one process: per field the value that it had before the first update of the
 * job, if the job's value is still there.
 *
 * @param isKeyTaken - whether another process has the primary key, so that this one cannot come back
 */
export function decideUndo(process: Process, { order, undo }: ProcessUndo, isKeyTaken: boolean): Decision {
  const decisions = readDecisions(process.decided);
  const refusal = decisions.decisionOf(order);
  if (refusal !== undefined && refusal !== 'APPLIED') return refused(refusal);
  const hasOrigins = process.origins !== undefined && process.origins !== null;
  if (hasOrigins && !isMap(process.origins)) return refused('PROCESS_NOT_WRITABLE');
  const isForgotten = decisions.mayHaveForgotten(order);
  const known = decisions.undoneBy(order);
  const isDecidedNow = known === undefined && !isForgotten;
  const undone = isDecidedNow
    ? verdictsOn(process, { order, undo }, isKeyTaken)
    : undo.entries.map(({ index }): UndoneVerdict => {
        // It was decided, and how is not known any more: what still could be given back stays.
        const result = known?.(index) ?? { outcome: 'KEPT' };
        return { index, result, writings: [] };
      });
  const changes = undone.flatMap(({ writings }) => writings);
  return {
    changes,
    steps: changes,
    decided: new Map(isDecidedNow ? [[order, undone]] : []),
    isGuarded: true,
    dependsOn: changes.map(({ field }) => field),
    verdicts: [{ undone }],
  };
}

function refused(error: Refusal | 'PROCESS_NOT_WRITABLE'): Decision {
  const verdict = { error } as ApplyVerdict;
  return { changes: [], steps: [], decided: new Map(), isGuarded: true, dependsOn: [], verdicts: [verdict] };
}

function verdictsOn(process: Process, { order, undo }: ProcessUndo, isKeyTaken: boolean): UndoneVerdict[] {
  const fates = fatesOf(process, undo);
  const results = new Map<UndoneEntry, UndoneResult>();
  // Where an entry stays as a whole, so does what an earlier one had set in its fields.
  for (let hasNews = true; hasNews; ) {
    for (const entry of undo.entries) {
      // What has failed for another reason is not told as lost.
      if (!isError(results.get(entry))) results.set(entry, resultOf(entry, fates, isKeyTaken));
    }
    const stuck = [...fates].filter(([, fate]) => isGivenBack(fate) && isError(results.get(fate.entry)));
    for (const [field] of stuck) fates.set(field, 'LOST');
    hasNews = stuck.length > 0;
  }
  const given = [...fates].flatMap(([field, fate]) => (isGivenBack(fate) ? [{ field, ...fate }] : []));
  const byEntry = Map.groupBy(given, ({ entry }) => entry);
  return undo.entries.map((entry): UndoneVerdict => {
    const writings = byEntry.get(entry)?.map(({ entry: _entry, ...fate }) => ({ ...fate, order }));
    const result = results.get(entry) ?? { error: 'NOT_REVERSIBLE' };
    return { index: entry.index, result, writings: writings ?? [] };
  });
}

function isError(result: UndoneResult | undefined): boolean {
  return result !== undefined && 'error' in result;
}

/** What may become of a field that the job set. */
type Fate =
  /** Something newer, or another writer, has set it. */
  | 'KEPT'
  /** What it had before was not recorded. */
  | 'LOST'
  | (Pick<Restoration, 'value' | 'of' | 'void'> & {
      /** The entry whose value stands; where another undo has given it back already, one that had set it. */
      entry: UndoneEntry;
    });

function fatesOf(process: Process, undo: Undo): Map<FieldName, Fate> {
  const fates = new Map<FieldName, Fate>();
  const chain = new Chain(undo);
  for (const entry of undo.entries) {
    if (isOfCreation(entry.image)) continue;
    for (const field of entry.image?.keys() ?? []) {
      if (!fates.has(field)) fates.set(field, chain.fateOf(process, field, entry));
    }
  }
  const creation = undo.entries.find(({ image }) => isOfCreation(image));
  if (creation !== undefined) fates.set('isDeleted', chain.fateOfCreated(process, creation, fates));
  return fates;
}

/** The updates of one job to one process, each with what it found. */
class Chain {
  readonly #byOrder: ReadonlyMap<number, readonly UndoneEntry[]>;
  readonly #orders: ReadonlySet<number>;

  constructor({ entries, lost }: Undo) {
    this.#byOrder = Map.groupBy(entries, ({ order }) => order);
    this.#orders = new Set([...this.#byOrder.keys(), ...lost]);
  }

  /** @param entry - that has set the field */
  fateOf(process: Process, field: FieldName, entry: UndoneEntry): Fate {
    const origin = originOf(process, field);
    const standing = this.#ownOf(writerOf(process, field), clockOfValue(process, field));
    if (standing === undefined) {
      const isUndone =
        origin !== undefined && this.#orders.values().some((order) => isUndoneOn(origin, order));
      if (!isUndone) return 'KEPT';
      // Noted all the same: an earlier undo of that other one may still be on its way, and must not win over this one.
      return { value: fieldValue(process, field), of: origin.of, void: [], entry };
    }
    const first = this.#imageOf(standing, field);
    if (first === undefined) return 'LOST';
    if (markOfValue(fieldValue(process, field)) !== first.image.written) return 'KEPT';
    const before = this.#beforeAll(standing, first.image, field);
    if (before === undefined) return 'LOST';
    // The clock of an undo is not one that a late update could have.
    const sequence = sequenceOf(standing);
    const isOfClock = sequence === sequenceOf(clockOf(process, field));
    return {
      value: before.before,
      of: before.of,
      void: isOfClock || standing !== clockOfValue(process, field) ? [] : [sequence],
      entry: first.entry,
    };
  }

  /**
   * A process that the job has created is deleted, if nothing is left in it but what the job has set, and with the job's
   * other updates undone it holds what it was created with.
   */
  fateOfCreated(process: Process, entry: UndoneEntry, fates: ReadonlyMap<FieldName, Fate>): Fate {
    const ownWriterOf = (field: FieldName) =>
      this.#ownOf(writerOf(process, field), clockOfValue(process, field));
    // No update brought the value, or an undo has given that back.
    const isDefault = (field: FieldName) => clockOfValue(process, field) === -1;
    const left = (Object.keys(process.clocks ?? {}) as FieldName[]).filter(
      (field) => !isGivenBack(fates.get(field)) && !isDefault(field),
    );
    if (left.some((field) => ownWriterOf(field) === undefined)) return 'KEPT';
    const given = [...fates].flatMap(([field, fate]) =>
      isGivenBack(fate) && field !== 'isDeleted' ? [{ field, ...fate, order: entry.order }] : [],
    );
    const isAsCreated =
      markOfContent(withChanges(process, given, 0)) === entry.image?.get('isDeleted')?.written;
    // Of another update of the job, what it found is not known.
    const isLost = left.some((field) => ownWriterOf(field) !== entry.order);
    if (!isAsCreated) return isLost ? 'LOST' : 'KEPT';
    return { value: true, of: clockOfValue(process, 'isDeleted'), void: [], entry };
  }

  /**
   * Walks from the value of the job's newest update back to what the first of them found.
   * @param standing - order number of that newest update
   */
  #beforeAll(standing: number, newest: FieldImage, field: FieldName): FieldImage | undefined {
    let [order, image] = [standing, newest];
    for (;;) {
      const earlier = this.#ownOf(image.by ?? image.of, image.of);
      // What another system has written into the clocks may lead in a circle.
      if (earlier === undefined || earlier >= order) return image;
      // What the process was created with.
      if (this.#hasCreated(earlier)) return image;
      const next = this.#imageOf(earlier, field)?.image;
      if (next === undefined) return undefined;
      // Another system had written over it in between: that value stays.
      if (markOfValue(image.before) !== next.written) return image;
      [order, image] = [earlier, next];
    }
  }

  /** Which of two order numbers is of the job. */
  #ownOf(...orders: readonly number[]): number | undefined {
    return orders.find((order) => this.#orders.has(order));
  }

  #hasCreated(order: number): boolean {
    return this.#byOrder.get(order)?.some(({ image }) => isOfCreation(image)) === true;
  }

  #imageOf(order: number, field: FieldName): { entry: UndoneEntry; image: FieldImage } | undefined {
    for (const entry of this.#byOrder.get(order) ?? []) {
      const image = entry.image?.get(field);
      if (image !== undefined) return { entry, image };
    }
    return undefined;
  }
}

function resultOf(
  { image }: UndoneEntry,
  fates: ReadonlyMap<FieldName, Fate>,
  isKeyTaken: boolean,
): UndoneResult {
  if (image === undefined) return { error: 'NOT_REVERSIBLE' };
  const fields = [...image.keys()];
  const isFate = (fate: Fate) => (field: FieldName) => fates.get(field) === fate;
  if (isWithoutChange(image)) return { outcome: 'UNCHANGED' };
  const ofDeletion = fates.get('isDeleted');
  const isAlive = isGivenBack(ofDeletion) && ofDeletion.value !== true && image.has('isDeleted');
  if (isKeyTaken && isAlive) return { error: 'PROCESS_EXISTS' };
  if (fields.some(isFate('LOST'))) return { error: 'NOT_REVERSIBLE' };
  const kept = fields.filter(isFate('KEPT'));
  if (kept.length === fields.length) return { outcome: 'KEPT' };
  return definedOf({ outcome: 'REVERTED' as const, kept: kept.length === 0 ? undefined : kept });
}

function isGivenBack(fate: Fate | undefined): fate is Exclude<Fate, string> {
  return typeof fate === 'object';
}
