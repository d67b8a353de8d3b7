import type { ValidItem } from './check-item.ts';
import { ChunkWriter, readLines } from './chunks.ts';
import type { Step } from './job.ts';

/** A valid item with its place in the request. */
export type IndexedItem = ValidItem & { index: number; order?: number };

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
  addStep(updates: readonly IndexedItem[]): void {
    for (const update of updates) {
      const record = JSON.stringify(update);
      if (!this.#writer.hasRoomFor(record)) this.#writer.endChunk();
      if (this.#writer.isAtStart) this.starts.push(update.index);
      this.#writer.add(record);
    }
    this.#writer.endChunk();
  }
}

/** Packs the updates of all steps but the first, which is released at once. */
export function holdUpdates(valid: readonly IndexedItem[], steps: readonly Step[]): HeldUpdatesWriter {
  const writer = new HeldUpdatesWriter();
  for (const [number, step] of steps.entries()) {
    const before = steps[number - 1];
    if (before !== undefined) writer.addStep(valid.slice(before.valid, step.valid));
  }
  return writer;
}

/** The updates of one chunk. */
export function readHeldUpdates(chunk: Uint8Array): IndexedItem[] {
  return readLines(chunk).map((line) => JSON.parse(line));
}
