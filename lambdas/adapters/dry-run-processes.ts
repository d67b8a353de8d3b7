import { TOP_LEVEL_FIELDS } from '../contract/fields.ts';
import type { Process } from '../contract/process.ts';
import type { Change, Writing } from '../domain/change.ts';
import {
  type CreatingUpdate,
  createdProcess,
  hasKey,
  isBefore,
  type KeyReference,
} from '../domain/creation.ts';
import { belongsTo, decide, runsOf } from '../domain/decide.ts';
import { writesFields } from '../domain/decision.ts';
import type { FieldName, FieldValue } from '../domain/field.ts';
import { type FieldChanges, fieldChanges } from '../domain/field-changes.ts';
import type {
  ApplyVerdict,
  Created,
  Processes,
  ReferencedUpdate,
  ResolvedReference,
} from '../domain/ports.ts';
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
  /** What would be created, by id. */
  readonly #created = new Map<string, Process>();
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

  async findShowing(): Promise<undefined> {}

  async get(id: string): Promise<Process | undefined> {
    return this.#created.get(id) ?? this.#read(id);
  }

  async create(key: KeyReference, update: CreatingUpdate): Promise<Created> {
    for (let n = 0; ; n++) {
      const process = createdProcess(key, n, update, this.#now());
      const found = await this.get(process.id);
      if (found === undefined) return this.#create(process, update.order);
      if (hasKey(found, key) && !isBefore(found, update.order)) return { found: found.id };
    }
  }

  #create(process: Process, order: number): Created {
    if (itemBytes(process) > MAX_STORED_BYTES) return 'TOO_LARGE';
    const { id, team, procedure } = process;
    this.#tell({ id, team, procedure }, changesOfCreated(process, order), () => order);
    this.#created.set(id, process);
    return { id };
  }

  async traceOf(): Promise<undefined> {}

  async apply(target: ResolvedReference, updates: readonly ReferencedUpdate[]): Promise<ApplyVerdict[]> {
    let process = await this.get(target.id);
    const verdicts = new Map<ReferencedUpdate, ApplyVerdict | undefined>();
    const isUndo = updates.some(({ undo }) => undo !== undefined);
    const isKeyTaken = isUndo && (await this.#store.isKeyTaken(process, updates));
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
    if (process !== undefined && this.#created.has(target.id)) this.#created.set(target.id, process);
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

/** All fields that a created process has. */
function changesOfCreated(process: Process, order: number): Change[] {
  const fields: [FieldName, unknown][] = [
    ...TOP_LEVEL_FIELDS.map((field): [FieldName, unknown] => [field, process[field]]),
    ...Object.entries(process.data ?? {}).map(([name, value]): [FieldName, unknown] => [
      `data.${name}`,
      value,
    ]),
  ];
  return fields
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => ({ field, value: value as FieldValue, order }));
}

interface Tried {
  verdicts: ApplyVerdict[];
  changes: readonly Writing[];
  /** As it would be then. */
  process: Process | undefined;
}
