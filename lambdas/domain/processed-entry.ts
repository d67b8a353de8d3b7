import { definedOf } from '../contract/defined-of.ts';
import type { EntryErrorCode } from '../contract/errors.ts';
import { attemptOf, type Delivery } from './delivery.ts';
import type { Image } from './image.ts';
import type { ApplyVerdict } from './ports.ts';
import type { Fault } from './precondition.ts';
import type { EntryResult, Result } from './results.ts';
import { indexesOf } from './update-message.ts';

/** What an entry of a delivery has come to. */
export interface ProcessedEntry {
  delivery: Delivery;
  /** Position in the request. */
  index: number;
  result: Result;
  processId?: string;
  image?: Image;
}

export function failed(delivery: Delivery, error: EntryErrorCode): ProcessedEntry[] {
  return indexesOf(delivery.message).map((index) => ({ delivery, index, result: { error } }));
}

/** Ends an entry that lacks what its procedure requires of a process that is created. */
export function lacking(delivery: Delivery, attributes: readonly string[]): ProcessedEntry[] {
  const faults = attributes.map((name): Fault => ({ of: 'required', name: `data.${name}`, stored: 'null' }));
  return [{ delivery, index: delivery.message.index, result: { error: 'REQUIRED_MISSING', faults } }];
}

/**
 * The entries of a delivery, by the verdict of the process of an id.
 * @param imageOf - what the update found, or an entry of an undo, where it wrote
 */
export function fromVerdict(
  delivery: Delivery,
  verdict: ApplyVerdict,
  id: string,
  imageOf: (index: number | undefined) => Image | undefined,
): ProcessedEntry[] {
  const isNamed = delivery.message.target.id !== undefined && delivery.message.undo === undefined;
  const processId = isNamed ? undefined : id;
  if ('undone' in verdict)
    return verdict.undone.map(({ index, result }) =>
      definedOf({ delivery, index, result, processId, image: imageOf(index) }),
    );
  return indexesOf(delivery.message).map((index) =>
    definedOf({ delivery, index, result: verdict, processId, image: imageOf(undefined) }),
  );
}

export function resultOf({ delivery, index, result, processId, image }: ProcessedEntry): EntryResult {
  return definedOf({ index, result, attempts: attemptOf(delivery), processId, image });
}
