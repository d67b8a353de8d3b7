import type { Process } from '../contract/process.ts';
import type { Writing } from '../domain/change.ts';
import { belongsTo, decide, runsOf } from '../domain/decide.ts';
import { writesFields } from '../domain/decision.ts';
import { type FieldChanges, fieldChanges } from '../domain/field-changes.ts';
import type { ApplyVerdict, Processes, ReferencedUpdate, ResolvedReference } from '../domain/ports.ts';
import { withChanges } from '../domain/with-changes.ts';
import { itemBytes, MAX_STORED_BYTES } from './item-size.ts';
import type { ProcessStore } from './process-store.ts';
import { readTogether } from './read-together.ts';

/**
 * Told of what an update would change, by its order number, or the undo of an entry, by its index. It throws when that is
 * too much to be told.
 */
export type OnChanges = (order: number, changes: FieldChanges) => void;

/** Told of a process as it is before updates that are decided together. */
export type OnRead = (process: Process, updates: readonly ReferencedUpdate[]) => void;

/** Reads and decides as the store does, and writes nothing. */
export class DryRunProcesses implements Processes {
  readonly #store: ProcessStore;
  readonly #read: (id: string) => Promise<Process | undefined>;
  readonly #now: () => number;
  readonly #onChanges: OnChanges;
  readonly #onRead: OnRead;

  constructor(store: ProcessStore, now: () => number, onChanges: OnChanges, onRead: OnRead = () => {}) {
    this.#store = store;
    this.#read = readTogether((ids) => store.getAll(ids));
    this.#now = now;
    this.#onChanges = onChanges;
    this.#onRead = onRead;
  }

  findIds(team: string, procedure: string, primaryKey: string): Promise<string[]> {
    return this.#store.findIds(team, procedure, primaryKey);
  }

  async traceOf(): Promise<undefined> {}

  async apply(target: ResolvedReference, updates: readonly ReferencedUpdate[]): Promise<ApplyVerdict[]> {
    let process = await this.#read(target.id);
    const verdicts = new Map<ReferencedUpdate, ApplyVerdict | undefined>();
    const isUndo = updates.some(({ undo }) => undo !== undefined);
    const isKeyTaken = isUndo && (await this.#store.isKeyTaken(process));
    const decideOn = (run: readonly ReferencedUpdate[]) => {
      if (process !== undefined && belongsTo(process, target)) this.#onRead(process, run);
      const tried = this.#tryOn(process, target, run, isKeyTaken);
      if (tried === 'TOO_LARGE') return false;
      for (const [position, update] of run.entries()) verdicts.set(update, tried.verdicts[position]);
      process = this.#told(process, tried).process;
      return true;
    };
    for (const run of runsOf(updates)) {
      if (decideOn(run)) continue;
      // As the store does: those that fit alone still arrive.
      for (const update of run.toSorted((a, b) => a.order - b.order)) decideOn([update]);
    }
    return updates.map((update) => verdicts.get(update) ?? { error: 'PROCESS_TOO_LARGE' });
  }

  #tryOn(
    process: Process | undefined,
    target: ResolvedReference,
    updates: readonly ReferencedUpdate[],
    isKeyTaken: boolean,
  ): Tried | 'TOO_LARGE' {
    const { changes, decided, verdicts } = decide(process, target, updates, isKeyTaken);
    if (process === undefined || !writesFields({ changes, decided })) return { verdicts, changes, process };
    const changed = withChanges(process, changes, this.#now());
    return itemBytes(changed) > MAX_STORED_BYTES ? 'TOO_LARGE' : { verdicts, changes, process: changed };
  }

  #tell(process: Process, writings: readonly Writing[], nameOf: (order: number) => number): void {
    for (const [order, changes] of fieldChanges(process, writings)) this.#onChanges(nameOf(order), changes);
  }

  #told(process: Process | undefined, tried: Tried): Tried {
    if (process === undefined) return tried;
    const undone = tried.verdicts.flatMap((verdict) => ('undone' in verdict ? verdict.undone : []));
    for (const { index, writings } of undone) this.#tell(process, writings, () => index);
    if (undone.length === 0) this.#tell(process, tried.changes, (order) => order);
    return tried;
  }
}

interface Tried {
  verdicts: ApplyVerdict[];
  changes: readonly Writing[];
  /** As it would be then. */
  process: Process | undefined;
}
