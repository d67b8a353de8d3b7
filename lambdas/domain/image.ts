import { createHash } from 'node:crypto';
import type { Process } from '../contract/process.ts';
import type { Writing } from './change.ts';
import { clockOfValue, writerOf } from './clocks.ts';
import { type FieldName, fieldValue } from './field.ts';
import { valueText } from './value-text.ts';

/** What an update found in a field that it wrote, kept so that it can be undone. */
export interface FieldImage {
  /** The value before, as it was stored; undefined for none. */
  before: unknown;
  /** Order number of the update that had brought that value; -1 for none. */
  of: number;
  /** Order number of what had written it, where that is an undo, or the clock of a newer one had stayed. */
  by?: number;
  /** Tells the value that was written apart from others. */
  written: string;
}

/** What one entry found in the fields that it wrote. */
export type Image = ReadonlyMap<FieldName, FieldImage>;

/** 48 bits of a hash: that another system wrote a value with the same ones is as good as impossible. */
const MARK_LENGTH = 8;

/** Tells a stored value apart from others. */
export function markOfValue(value: unknown): string {
  return createHash('sha256')
    .update(valueText(value ?? null))
    .digest('base64url')
    .slice(0, MARK_LENGTH);
}

/**
 * The images of what took effect in one write, by the order numbers of the updates that brought it.
 * @param before - the process before, or those of its fields and clocks that are written
 * @param steps - in turn; a later one of a field finds what the one before has brought
 */
export function imagesOf(
  before: Partial<Process>,
  steps: readonly Writing[],
): Map<number, Map<FieldName, FieldImage>> {
  const images = new Map<number, Map<FieldName, FieldImage>>();
  const latest = new Map<FieldName, Writing>();
  for (const step of steps) {
    const { order, field, value } = step;
    const image = images.get(order) ?? new Map<FieldName, FieldImage>();
    image.set(field, { ...found(before, field, latest.get(field)), written: markOfValue(value) });
    images.set(order, image);
    latest.set(field, step);
  }
  return images;
}

/** @param last - what an earlier step has brought */
function found(
  before: Partial<Process>,
  field: FieldName,
  last: Writing | undefined,
): Omit<FieldImage, 'written'> {
  if (last !== undefined) return { before: last.value ?? undefined, of: last.order };
  const by = writerOf(before, field);
  const of = clockOfValue(before, field);
  return { before: fieldValue(before, field), of, ...(by !== of && { by }) };
}

/** What belongs to the bookkeeping of a process, and not to what it holds. */
const BOOKKEEPING: readonly string[] = [
  'id',
  'version',
  'clock',
  'clocks',
  'origins',
  'decided',
  'createdOrder',
  'createdFrom',
  'createdAt',
  'updatedAt',
  'isDeleted',
] satisfies (keyof Process)[];

/** Tells what a process holds apart from anything else it could hold. */
export function markOfContent(process: Process): string {
  return markOfValue(
    Object.fromEntries(Object.entries(process).filter(([name]) => !BOOKKEEPING.includes(name))),
  );
}

/** What the creation of a process found: none, as if it were deleted. Its mark is that of all that the process holds. */
export function imageOfCreation(process: Process): Image {
  return new Map([['isDeleted', { before: true, of: -1, written: markOfContent(process) }]]);
}

/** Whether an image is that of a creation: what an undo gives back was there before. */
export function isOfCreation(image: Image | undefined): boolean {
  const found = image?.get('isDeleted');
  return found?.before === true && found.of === -1 && found.by === undefined;
}

/** Whether an entry had changed nothing: it wrote what was there. */
export function isWithoutChange(image: Image): boolean {
  return image.values().every(({ before, written }) => markOfValue(before) === written);
}
