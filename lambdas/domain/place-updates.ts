import type { EntryErrorCode } from '../contract/errors.ts';
import { awaitedCreates } from './announced-creates.ts';
import { createdBy, createdProcess, findCreated, type KeyReference } from './creation.ts';
import type { Delivery } from './delivery.ts';
import { type Image, imageOfCreation } from './image.ts';
import type { Announcements, Processes, ResolvedReference } from './ports.ts';
import { hasPrecondition } from './precondition.ts';
import { failed, fromVerdict, lacking, type ProcessedEntry } from './processed-entry.ts';
import type { FoldedResult } from './results.ts';
import type { UpdateMessage } from './update-message.ts';

/** An update that the index leads to no process that it is for. */
export interface Misplaced {
  delivery: Delivery;
  /** What it ends as without such a process. */
  error: EntryErrorCode;
  /** The process that the index led to. */
  knownId?: string;
}

export interface PlacePorts {
  processes: Processes;
  /** Which processes may still be created; without it, none. */
  announcements?: Pick<Announcements, 'of'>;
  /** Whether what updates find is kept, so that they can be undone. */
  keepsImages?: boolean;
  now: () => number;
}

/** What a batch does with the updates that are placed. */
export interface PlacingBatch {
  applyTo: (target: ResolvedReference, group: readonly Delivery[]) => Promise<ProcessedEntry[]>;
  resultsOf: (jobId: string) => Promise<ReadonlyMap<number, FoldedResult>>;
  hasEnded: (message: UpdateMessage) => Promise<boolean>;
  unlessIndexLags: (ended: ProcessedEntry) => ProcessedEntry[];
  postpone: (delivery: Delivery) => void;
  failed: (deliveries: readonly Delivery[], error: unknown) => void;
}

/** Finds or creates the processes of updates that the index leads to none. */
export class Placement {
  /** What tells of a procedure whether a process may still be created. */
  readonly #awaited = new Map<string, Promise<ReturnType<typeof awaitedCreates>>>();
  readonly #ports: PlacePorts;
  readonly #batch: PlacingBatch;

  constructor(ports: PlacePorts, batch: PlacingBatch) {
    this.#ports = ports;
    this.#batch = batch;
  }

  /**
   * Applies updates of one primary key where the index leads to no process that they are for: a process may have been created
   * that it does not show, or is to be created by one of them, or by another one that was accepted before. In the order of
   * acceptance, since one may create what the next is for.
   */
  async placeEach(group: readonly Misplaced[]): Promise<ProcessedEntry[]> {
    const ended: ProcessedEntry[] = [];
    const inOrder = group.toSorted((a, b) => a.delivery.message.order - b.delivery.message.order);
    for (const misplaced of inOrder) {
      try {
        ended.push(...(await this.#place(misplaced)));
      } catch (thrown) {
        this.#batch.failed([misplaced.delivery], thrown);
      }
    }
    return ended;
  }

  async #place({ delivery, error, knownId }: Misplaced): Promise<ProcessedEntry[]> {
    const { team, procedure, order, update, create } = delivery.message;
    const { processes } = this.#ports;
    const key = keyOf(delivery.message);
    // A copy of it may have reached one that was deleted since, and that another system had created.
    const shown = knownId === undefined ? undefined : await processes.findShowing(key, order);
    if (shown !== undefined) return this.#batch.applyTo({ id: shown, team, procedure }, [delivery]);
    if (create !== undefined && create.missing === undefined) {
      const created = await processes.create(
        key,
        { order, update, create },
        { isDeleted: error === 'PROCESS_DELETED', hasEnded: () => this.#batch.hasEnded(delivery.message) },
      );
      if (created === 'ENDED') return [];
      if (created === 'TOO_LARGE') return failed(delivery, 'PROCESS_TOO_LARGE');
      if ('found' in created) return this.#batch.applyTo({ id: created.found, team, procedure }, [delivery]);
      return this.created(delivery, created.id);
    }
    // Asked before the process is: what is created meanwhile is found, and what is not announced any more is there.
    const isAwaited = await this.#mayStillCome(delivery);
    const id = await findCreated(key, order, (each) => processes.get(each));
    if (id !== undefined) return this.#batch.applyTo({ id, team, procedure }, [delivery]);
    if (isAwaited) {
      this.#batch.postpone(delivery);
      return [];
    }
    // What is refused for good is remembered there.
    if (knownId !== undefined && error !== 'PROCESS_NOT_FOUND' && isJudgedOnce(delivery.message))
      return this.#batch.applyTo({ id: knownId, team, procedure }, [delivery]);
    const ended = create?.missing === undefined ? failed(delivery, error) : lacking(delivery, create.missing);
    return ended.flatMap((entry) => this.#batch.unlessIndexLags(entry));
  }

  /** How a delivery ends that finds another process than the one that it may have created, which may be deleted since. */
  async createdOr(delivery: Delivery, ended: ProcessedEntry[]): Promise<ProcessedEntry[]> {
    const { message } = delivery;
    if (message.create === undefined) return ended;
    const { processes } = this.#ports;
    const id = await createdBy(keyOf(message), message.order, (each) => processes.get(each));
    return id === undefined ? ended : this.created(delivery, id);
  }

  created(delivery: Delivery, id: string): ProcessedEntry[] {
    return fromVerdict(delivery, { outcome: 'CREATED' }, id, () => this.#imageOfCreated(delivery));
  }

  /** Of each copy of a create, though another one may have written the process. */
  #imageOfCreated({ message }: Delivery): Image | undefined {
    const { order, update, create } = message;
    if (create === undefined || !this.#ports.keepsImages) return undefined;
    return imageOfCreation(createdProcess(keyOf(message), 0, { order, update, create }, 0));
  }

  /** Whether an update that was accepted before may still create the process. */
  async #mayStillCome({ message }: Delivery): Promise<boolean> {
    const { jobId, team, procedure, order, after } = message;
    const { announcements } = this.#ports;
    if (announcements === undefined) return false;
    if (after !== undefined && !(await this.#batch.resultsOf(jobId)).has(after)) return true;
    const key = JSON.stringify([team, procedure]);
    const reading =
      this.#awaited.get(key) ??
      announcements.of(team, procedure).then((announced) => awaitedCreates(announced, this.#ports.now()));
    this.#awaited.set(key, reading);
    const isAwaited = await reading;
    return isAwaited(keyOf(message).primaryKey, order, jobId);
  }
}

export function keyOf({ team, procedure, target }: UpdateMessage): KeyReference {
  return { team, procedure, primaryKey: target.primaryKey ?? '' };
}

/** Whether a process remembers how an update was refused. */
function isJudgedOnce(message: UpdateMessage): boolean {
  return message.update.stateFrom !== undefined || hasPrecondition(message);
}
