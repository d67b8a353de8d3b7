import type { PlannedEntry } from '../contract/views.ts';
import { ChunkWriter, readLines } from './chunks.ts';
import type { StoredJob } from './job.ts';

/** Whether a job is a plan that nobody has approved, discarded or let expire. */
export function isPlanned({ plan, approved, stopped }: StoredJob): boolean {
  return plan !== undefined && approved === undefined && stopped === undefined;
}

/** Whether a job is a plan that never will be approved: none of its updates was released. */
export function isDiscarded({ plan, approved, stopped }: StoredJob): boolean {
  return plan !== undefined && approved === undefined && stopped !== undefined;
}

/** Packs what is planned for the entries into chunks, which begin at the same entries as those of the submission. */
export class PlanWriter {
  readonly #writer = new ChunkWriter();
  readonly #starts: ReadonlySet<number>;
  #count = 0;

  /** @param starts - index of the first entry of each chunk */
  constructor(starts: readonly number[]) {
    this.#starts = new Set(starts);
  }

  get chunks(): readonly Uint8Array[] {
    return this.#writer.chunks;
  }

  add(entry: PlannedEntry): void {
    if (this.#starts.has(this.#count)) this.#writer.endChunk();
    this.#writer.add(JSON.stringify(entry));
    this.#count += 1;
  }

  end(): void {
    this.#writer.endChunk();
  }
}

/** What is planned for the entries of one chunk. */
export function readPlan(chunk: Uint8Array): PlannedEntry[] {
  return readLines(chunk).map((line) => JSON.parse(line));
}
