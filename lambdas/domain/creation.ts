import { v5 as uuidOf } from 'uuid';
import type { AttributeValue } from '../contract/procedure.ts';
import type { Process } from '../contract/process.ts';
import { clockOf, originOf } from './clocks.ts';
import { changesOf, type OrderedUpdate } from './merge.ts';
import { withChanges } from './with-changes.ts';

/** What an update has to bring along to create its process. */
export interface Creation {
  /** What the update ends as where a process has the primary key; without it, the update is applied to that process. */
  ifExists?: 'PROCESS_EXISTS' | 'PRECONDITION_FAILED';
  /** The state of a process whose update names none. */
  state?: string;
  /** The primary key's value, and the attributes that the update does not name. */
  data: Record<string, AttributeValue>;
  /** Required attributes that the update lacks, so that nothing can be created. */
  missing?: string[];
}

/** What identifies a process to its users. */
export interface KeyReference {
  team: string;
  procedure: string;
  /** As it is indexed. */
  primaryKey: string;
}

/** An update that may create its process. */
export interface CreatingUpdate extends OrderedUpdate {
  create: Creation;
}

/** Of the ids of created processes. */
const NAMESPACE = '5f8a2f5c-2a54-4d0b-9d0f-6f9f0b7f2d11';

/**
 * The id of the process that is created with a primary key, the first time, or the n-th time after the ones before were
 * deleted. Whoever creates it comes to the same id, so that a condition of the write keeps it from being created twice,
 * whatever the index shows.
 */
export function createdId({ team, procedure, primaryKey }: KeyReference, n: number): string {
  return uuidOf(JSON.stringify([team, procedure, primaryKey, n]), NAMESPACE);
}

/** A process as an update creates it. What it has by default carries no clock: any update that sets the field wins. */
export function createdProcess(
  key: KeyReference,
  n: number,
  { order, update, create }: CreatingUpdate,
  now: number,
): Process {
  const { team, procedure, primaryKey } = key;
  const process: Process = {
    id: createdId(key, n),
    ...{ team, procedure, primaryKey },
    status: 'OPEN',
    ...(create.state !== undefined && { state: create.state }),
    data: { ...create.data },
    clocks: {},
    // Also where it has no field but by default: then any older update is seen to be older.
    clock: order,
    createdOrder: order,
    createdAt: now,
  };
  return withChanges(process, changesOf({ order, update }), now);
}

/** Whether an update is for a later process of the same primary key: this one was deleted before it was accepted. */
export function isBefore(process: Process, order: number): boolean {
  if (process.isDeleted !== true || process.createdOrder === order) return false;
  // A deletion that was accepted before it came after it.
  if (Object.values(process.clocks ?? {}).includes(order)) return false;
  // Of a process that was created, the undo of that is the deletion.
  const deletedAt = Math.max(
    clockOf(process, 'isDeleted'),
    originOf(process, 'isDeleted')?.by ?? Number.NEGATIVE_INFINITY,
  );
  return deletedAt < order;
}

/** Whether a process was created by an update that was accepted after the one of that order number. */
export function isCreatedAfter({ createdOrder }: Process, order: number): boolean {
  return typeof createdOrder === 'number' && createdOrder > order;
}

/** Whether it was, and none that was accepted before would have created it. */
export function isYounger(process: Process, order: number): boolean {
  const { createdOrder, createdFrom = createdOrder } = process;
  return isCreatedAfter(process, order) && typeof createdFrom === 'number' && createdFrom > order;
}

/** Whether a process is the one that a primary key names. */
export function hasKey(process: Process, { team, procedure, primaryKey }: KeyReference): boolean {
  return process.team === team && process.procedure === procedure && process.primaryKey === primaryKey;
}

type Get = (id: string) => Promise<Process | undefined>;

/**
 * The ids of the processes that were created with a primary key, each once the one before was deleted, and the id of the
 * next, which has no process yet.
 * @param get - reads a process as it is now
 */
export async function* createdWith(
  key: KeyReference,
  get: Get,
): AsyncGenerator<{ id: string; process: Process | undefined }> {
  for (let n = 0; ; n++) {
    const id = createdId(key, n);
    const process = await get(id);
    // What another system wrote there is not of this primary key.
    if (process === undefined || hasKey(process, key)) yield { id, process };
    if (process === undefined) return;
  }
}

/** Finds the created process that an update of that order number is for, whatever the index shows. */
export async function findCreated(key: KeyReference, order: number, get: Get): Promise<string | undefined> {
  for await (const { id, process } of createdWith(key, get)) {
    if (process !== undefined && !isBefore(process, order)) return isYounger(process, order) ? undefined : id;
  }
  return undefined;
}

/** Finds the process that the update of that order number has created. */
export async function createdBy(key: KeyReference, order: number, get: Get): Promise<string | undefined> {
  for await (const { id, process } of createdWith(key, get)) {
    if (process?.createdOrder === order) return id;
  }
  return undefined;
}
