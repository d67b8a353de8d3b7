import type { ValidItem } from './check-item.ts';
import { ChunkWriter, readLines } from './chunks.ts';
import type { Step } from './job.ts';
import type { PlannedFields } from './planned-fields.ts';
import type { EntryResult } from './results.ts';
import type { UndoMessage } from './update-message.ts';

/** A valid item with its place in the request. */
export type IndexedItem = ValidItem & { index: number; order?: number };

/** An update that waits for its release. */
export interface HeldUpdate extends IndexedItem {
  /** Of a plan: what its fields had then. */
  planned?: PlannedFields;
  /** Of an undo: what it undoes, instead of an update. */
  undo?: UndoMessage;
  /** Of a plan or an undo: as what it ends without being applied. */
  refused?: Pick<EntryResult, 'result' | 'processId'>;
}

/**
 * Packs updates that wait for their release, as they were checked: by the time that they are released the procedure, or
 * the rules of a newer deployment, may check them otherwise. A chunk belongs to one step.
 */
export class HeldUpdatesWriter {
  readonly #writer = new ChunkWriter();
  /** Index of the first entry of each chunk. */
  readonly starts: number[] = [];

  get chunks(): readonly Uint8Array[] {
    return this.#writer.chunks;
  }

  /** Adds the updates of a step, in the order of their index. */
  addStep(updates: readonly HeldUpdate[]): void {
    for (const update of updates) {
      const record = JSON.stringify(update);
      if (!this.#writer.hasRoomFor(record)) this.#writer.endChunk();
      if (this.#writer.isAtStart) this.starts.push(update.index);
      this.#writer.add(record);
    }
    this.#writer.endChunk();
  }
}

/**
 * Packs the updates of steps.
 * @param from - the first step to hold; those before are released at once
 */
export function holdUpdates(
  valid: readonly HeldUpdate[],
  steps: readonly Step[],
  from: number,
): HeldUpdatesWriter {
  const writer = new HeldUpdatesWriter();
  for (const [number, step] of steps.entries()) {
    if (number >= from) writer.addStep(valid.slice(steps[number - 1]?.valid ?? 0, step.valid));
  }
  return writer;
}

/** The updates of one chunk. */
export function readHeldUpdates(chunk: Uint8Array): HeldUpdate[] {
  return readLines(chunk).map((line) => JSON.parse(line));
}
