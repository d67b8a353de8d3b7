import pMap from 'p-map';
import { definedOf } from '../contract/defined-of.ts';
import type { EntryErrorCode } from '../contract/errors.ts';
import { attemptOf, type Delivery } from './delivery.ts';
import type { Image } from './image.ts';
import { type StoredJob, shouldSkip } from './job.ts';
import { keyOf, type Misplaced, Placement, type PlacePorts } from './place-updates.ts';
import type {
  ApplyOptions,
  ApplyVerdict,
  FileSteps,
  ImageReader,
  ReferencedUpdate,
  ResolvedReference,
  ResultLog,
} from './ports.ts';
import { hasPrecondition } from './precondition.ts';
import { failed, fromVerdict, type ProcessedEntry, resultOf } from './processed-entry.ts';
import { type EntryResult, type FoldedResult, foldResults, isRetryable } from './results.ts';
import { tracesOf } from './trace.ts';
import type { Undo } from './undo.ts';
import { delaySeconds, type Postponed, type UndoMessage, type UpdateMessage } from './update-message.ts';

export interface ApplyPorts extends PlacePorts {
  jobs: ResultLog;
  /** Only undos need them. */
  images?: ImageReader;
  /** Only late results of files need them. */
  fileSteps?: FileSteps;
  /** The number of deliveries after which the queue moves a message to the dead-letter queue. */
  maxAttempts: number;
  /** When the function's time limit ends this invocation, in epoch ms. */
  deadline: () => number;
  /**
   * Removes a handled delivery from the queue at once, before the function reports what has succeeded. It may
   * fail: then it comes again, and changes nothing.
   */
  remove: (delivery: Delivery) => Promise<void>;
  /**
   * Puts copies of messages into the queue, to be delivered later; see `delaySeconds`.
   * @returns those that did not get there
   */
  postpone: (copies: readonly UpdateMessage[]) => Promise<readonly UpdateMessage[]>;
  /** Whether an error says nothing about the update that met it, so that others would fare alike. */
  isTransient: (error: unknown) => boolean;
  /** Told of each failure for which a message goes back to the queue. */
  onFailure: (error: unknown, deliveries: readonly Delivery[]) => void;
  /** Told of the results that were recorded, by job. */
  onRecorded: (job: StoredJob, results: readonly EntryResult[]) => void;
}

/** Messages to deliver again, and after how many seconds. All others are done. */
export type Retries = Map<Delivery, number>;

/** By then the index on the primary key knows a process that was there when a request was accepted. */
export const INDEX_LAG_MS = 3_000;

/**
 * How often an update to a state that may not follow is tried: an update accepted before it may be on its way. The last
 * attempt is final, so that the client learns soon what is wrong.
 */
export const MAX_STATE_ATTEMPTS = 2;

/** After a late result, others of the same chunk are likely to come. */
const REPORT_SECONDS = 60;

/** How often an undo is tried whose process can come back only once the same undo has deleted another one. */
const MAX_UNDO_ATTEMPTS = 4;

/** Pauses of 5, 20 and 80 seconds, then of 5 minutes, before a message comes again. */
export function retrySeconds(attempt: number): number {
  return Math.min(5 * 4 ** (attempt - 1), 300);
}

/** Messages that come again are postponed when less than that remains. */
const RESERVE_MS = 3_000;

/** Requests in flight: enough for a whole batch of the queue. */
const REQUESTS_IN_FLIGHT = 32;

/**
 * Applies the updates of one batch of deliveries and records what became of each.
 *
 * New deliveries are applied together. One that comes again may kill the function, and share its fate with
 * the others of its batch: each is handled before the next begins, and every other time in reverse order, so
 * that those on either side of a deadly one get through.
 *
 * The receives of a message are to tell of updates that kill the function, and of nothing else. So what was not tried, or
 * met a trouble that is not its own, is put into the queue again as a copy for later, and the batch ends there.
 *
 * @returns the deliveries to retry; whatever is not among them is recorded for good, or postponed
 */
export async function applyUpdates(deliveries: readonly Delivery[], ports: ApplyPorts): Promise<Retries> {
  const batch = new ApplyBatch(ports);
  await batch.handle(deliveries.filter(({ receives }) => receives === 1));
  for (const delivery of deliveries.filter(({ receives }) => receives > 1).sort(alternating)) {
    if (batch.hasMetTrouble || ports.now() > ports.deadline() - RESERVE_MS) {
      batch.postponed.add(delivery);
      continue;
    }
    await batch.handle([delivery]);
    if (!batch.retries.has(delivery) && !batch.postponed.has(delivery)) await ports.remove(delivery);
  }
  await batch.postpone();
  return batch.retries;
}

/** Applies deliveries together, whatever their attempt; see `applyUpdates`. */
export async function applyTogether(deliveries: readonly Delivery[], ports: ApplyPorts): Promise<Retries> {
  const batch = new ApplyBatch(ports);
  await batch.handle(deliveries);
  await batch.postpone();
  return batch.retries;
}

function alternating(a: Delivery, b: Delivery): number {
  return (a.message.order - b.message.order) * (a.receives % 2 === 0 ? 1 : -1);
}

type Resolution =
  | { target: ResolvedReference; group: readonly Delivery[] }
  | { ended: ProcessedEntry[] }
  /** The index leads to no process that they are for. */
  | { misplaced: readonly Delivery[]; error: EntryErrorCode };

class ApplyBatch {
  readonly retries: Retries = new Map();
  /** What is to be delivered later, as copies. */
  readonly postponed = new Set<Delivery>();
  /** Whether an update failed for what others would meet, too. */
  hasMetTrouble = false;
  /** The jobs of the deliveries. */
  readonly #jobs = new Map<string, StoredJob>();
  /** The images that undos of the batch need. */
  readonly #images = new Map<string, Promise<ReadonlyMap<number, Image>>>();
  readonly #results = new Map<string, Promise<ReadonlyMap<number, FoldedResult>>>();
  readonly #placement: Placement;
  readonly #ports: ApplyPorts;
  readonly #startedAt: number;

  constructor(ports: ApplyPorts) {
    this.#ports = ports;
    this.#startedAt = ports.now();
    this.#placement = new Placement(ports, {
      applyTo: (target, group) => this.#applyTo(target, group),
      resultsOf: (jobId) => this.#resultsOf(jobId),
      hasEnded: (message) => this.#hasEnded(message),
      unlessIndexLags: (ended) => this.#unlessIndexLags(ended),
      postpone: (delivery) => this.postponed.add(delivery),
      failed: (deliveries, error) => this.#failed(deliveries, error),
    });
  }

  /** Brings deliveries to their end, updates of one process together, and records it, one append a job. */
  async handle(deliveries: readonly Delivery[]): Promise<void> {
    const { admitted, left } = await this.#admit(deliveries);
    await this.#record([...(await this.#apply(admitted)), ...(await this.#shownOf(left))]);
  }

  /** Puts copies of what is postponed into the queue; what the queue would have dropped by then comes again as it is. */
  async postpone(): Promise<void> {
    const copies = new Map<UpdateMessage, Delivery>();
    for (const delivery of this.postponed) {
      const postponed = postponedFrom(delivery);
      const isInTime = this.#ports.now() + delaySeconds(postponed) * 1000 < postponed.until;
      if (isInTime) copies.set({ ...delivery.message, postponed }, delivery);
      else this.#retry(delivery);
    }
    if (copies.size === 0) return;
    for (const copy of await this.#ports.postpone([...copies.keys()])) {
      const delivery = copies.get(copy);
      if (delivery !== undefined) this.#retry(delivery);
    }
  }

  /** Asks the jobs which updates are still to be applied, and which are left as they are. */
  async #admit(deliveries: readonly Delivery[]): Promise<{ admitted: Delivery[]; left: Delivery[] }> {
    const jobs = Map.groupBy(deliveries, ({ message }) => message.jobId);
    const admitted: Delivery[] = [];
    const left: Delivery[] = [];
    await pMap(jobs, async ([jobId, group]) => {
      try {
        const job = await this.#ports.jobs.find(jobId);
        if (job === undefined) throw new Error(`There is no job ${jobId}`);
        this.#jobs.set(jobId, job);
        const isJudged = await this.#judgedOf(jobId, group);
        for (const delivery of group) {
          const isLeft = isJudged(delivery) || shouldSkip(job, delivery.message, this.#ports.now());
          (isLeft ? left : admitted).push(delivery);
        }
      } catch (error) {
        this.#failed(group, error);
      }
    });
    return { admitted, left };
  }

  /**
   * Which guarded updates of a job came before and have their result: they are not judged again. Usually the process
   * remembers what was decided; one that was not found had nothing to remember it, and may be there now.
   */
  async #judgedOf(jobId: string, group: readonly Delivery[]): Promise<(delivery: Delivery) => boolean> {
    const isSuspect = (delivery: Delivery) => isDecidedOnce(delivery) && attemptOf(delivery) > 1;
    if (!group.some(isSuspect)) return () => false;
    const results = await this.#resultsOf(jobId);
    return (delivery) => {
      const result = results.get(delivery.message.index)?.result;
      return isSuspect(delivery) && result !== undefined && !isRetryable(result);
    };
  }

  /** The results of a job as they are when the batch first asks for them. */
  #resultsOf(jobId: string): Promise<ReadonlyMap<number, FoldedResult>> {
    const reading =
      this.#results.get(jobId) ??
      this.#ports.jobs.readWhole(jobId).then((state) => foldResults(state?.log ?? []));
    this.#results.set(jobId, reading);
    return reading;
  }

  /**
   * What the processes show of updates that are left. One that was delivered before may have been applied by an invocation
   * that died. Reconciling does not find that out when another copy of the update had failed, and so has a result.
   */
  async #shownOf(left: readonly Delivery[]): Promise<ProcessedEntry[]> {
    const deliveredBefore = left.filter((delivery) => attemptOf(delivery) > 1);
    const shown = await pMap(
      deliveredBefore,
      async (delivery): Promise<ProcessedEntry[]> => {
        try {
          const traces = await tracesOf(delivery.message, this.#ports.processes);
          return traces.map((trace) => ({ delivery, ...trace }));
        } catch (error) {
          this.#failed([delivery], error);
          return [];
        }
      },
      { concurrency: REQUESTS_IN_FLIGHT },
    );
    return shown.flat();
  }

  async #apply(deliveries: readonly Delivery[]): Promise<ProcessedEntry[]> {
    const groups = Map.groupBy(deliveries, ({ message: { team, procedure, target } }) =>
      JSON.stringify([
        team,
        procedure,
        target.id ?? null,
        target.id === undefined ? target.primaryKey : null,
      ]),
    );
    const inFlight = { concurrency: REQUESTS_IN_FLIGHT };
    const resolved = await pMap(groups.values(), (group) => this.#resolve(group), inFlight);
    const misplaced: Misplaced[] = [];
    for (const resolution of resolved) {
      if (!('misplaced' in resolution)) continue;
      for (const delivery of resolution.misplaced) misplaced.push({ delivery, error: resolution.error });
    }
    const ended = resolved.flatMap((resolution) => ('ended' in resolution ? resolution.ended : []));
    const found = resolved.flatMap((resolution) => ('target' in resolution ? [resolution] : []));
    const processes = Map.groupBy(found, ({ target }) => JSON.stringify(target));
    const applied = await pMap(
      processes.values(),
      ([first, ...others]) =>
        first === undefined
          ? []
          : this.#applyTo(
              first.target,
              [first, ...others].flatMap(({ group }) => group),
              (delivery, error, knownId) => misplaced.push({ delivery, error, knownId }),
            ),
      inFlight,
    );
    const keys = Map.groupBy(misplaced, ({ delivery: { message } }) => JSON.stringify(keyOf(message)));
    const placed = await pMap(keys.values(), (group) => this.#placement.placeEach(group), inFlight);
    return [...ended, ...applied.flat(), ...placed.flat()];
  }

  /**
   * Finds the process of deliveries that name it in the same way; what has none or several has ended, or is
   * retried.
   */
  async #resolve(group: readonly Delivery[]): Promise<Resolution> {
    const [first] = group;
    if (first === undefined) return { ended: [] };
    const { team, procedure, target } = first.message;
    if (target.id !== undefined) return { target: { id: target.id, team, procedure }, group };
    try {
      const ids = await this.#ports.processes.findIds(team, procedure, target.primaryKey ?? '');
      const [id] = ids;
      if (id !== undefined && ids.length === 1) return { target: { id, team, procedure }, group };
      if (id === undefined) return { misplaced: group, error: 'PROCESS_NOT_FOUND' };
      const ended = await pMap(group, (delivery) =>
        this.#placement.createdOr(
          delivery,
          failed(delivery, delivery.message.create?.ifExists ?? 'AMBIGUOUS_PRIMARY_KEY'),
        ),
      );
      return { ended: ended.flat().flatMap((entry) => this.#unlessIndexLags(entry)) };
    } catch (error) {
      this.#failed(group, error);
      return { ended: [] };
    }
  }

  /** What comes of a primary key that the index may tell otherwise soon is looked up once more. */
  #unlessIndexLags(ended: ProcessedEntry): ProcessedEntry[] {
    const { delivery } = ended;
    const acceptedAt = this.#jobs.get(delivery.message.jobId)?.createdAt ?? 0;
    const lagMs = acceptedAt + INDEX_LAG_MS - this.#startedAt;
    if (lagMs <= 0) return [ended];
    this.retries.set(delivery, Math.ceil(lagMs / 1000));
    return [];
  }

  /**
   * Applies updates to a process.
   * @param onMisplaced - told of those by primary key that are for another process, unless this is known to be theirs
   */
  async #applyTo(
    target: ResolvedReference,
    group: readonly Delivery[],
    onMisplaced?: (delivery: Delivery, error: EntryErrorCode, knownId: string) => void,
  ): Promise<ProcessedEntry[]> {
    try {
      const undos = await this.#undosOf(group);
      const updates = group.map((delivery, position): ReferencedUpdate => {
        const { order, update, expect, planned, target, create } = delivery.message;
        // What is expected is expected when the update is processed: it gets no second look.
        const undo = undos[position];
        const isTriedAgain =
          undo === undefined
            ? !isDecidedOnce(delivery) && attemptOf(delivery) < MAX_STATE_ATTEMPTS
            : attemptOf(delivery) < MAX_UNDO_ATTEMPTS;
        return definedOf({
          order,
          update,
          expect,
          planned,
          undo,
          create,
          isByIndex: onMisplaced !== undefined && target.id === undefined,
          isTriedAgain,
          primaryKey: target.primaryKey,
        });
      });
      const images = new Images();
      const told = new Set<number>();
      const verdicts = await this.#ports.processes.apply(target, updates, {
        onImage: this.#ports.keepsImages ? images.add : undefined,
        hasEnded: async (update) => {
          const message = group.find(({ message: { order } }) => order === update.order)?.message;
          const hasEnded = message !== undefined && (await this.#hasEnded(message));
          if (hasEnded) told.add(update.order);
          return hasEnded;
        },
      });
      const all = await pMap(group, async (delivery, position) => {
        const [verdict, update] = [verdicts[position], updates[position]];
        if (verdict === undefined || update === undefined)
          throw new Error(`No verdict on update ${position} of process ${target.id}`);
        // By a clock that is behind, another verdict would seem to be the first.
        if (told.has(update.order)) return [];
        if ('outcome' in verdict && verdict.outcome === 'CREATED')
          return this.#placement.created(delivery, target.id);
        const ended = fromVerdict(delivery, verdict, target.id, (index) => images.of(update, index));
        const isExisting = 'error' in verdict && verdict.error === update.create?.ifExists;
        if (isExisting) return this.#placement.createdOr(delivery, ended);
        if (isOfIndex(delivery, verdict)) {
          if (onMisplaced === undefined) return ended.flatMap((entry) => this.#unlessIndexLags(entry));
          onMisplaced(delivery, verdict.error, target.id);
          return [];
        }
        const isRefused = 'error' in verdict && verdict.error === 'STATE_NOT_ALLOWED';
        if (!isRefused || !update.isTriedAgain) return ended;
        this.retries.set(delivery, retrySeconds(attemptOf(delivery)));
        return [];
      });
      return all.flat();
    } catch (error) {
      this.#failed(group, error);
      return [];
    }
  }

  /** Whether an update has its result. One that was given up, and is sent again, was told nothing of it. */
  async #hasEnded({ jobId, index }: UpdateMessage): Promise<boolean> {
    const result = (await this.#resultsOf(jobId)).get(index)?.result;
    return result !== undefined && !isRetryable(result);
  }

  /** What the undos among deliveries have to know; undefined for each other one. */
  async #undosOf(group: readonly Delivery[]): Promise<(Undo | undefined)[]> {
    const inFlight = { concurrency: REQUESTS_IN_FLIGHT };
    return pMap(group, ({ message }) => message.undo && this.#undoOf(message.undo), inFlight);
  }

  async #undoOf({ jobId, places, entries, lost }: UndoMessage): Promise<Undo> {
    const inFlight = { concurrency: REQUESTS_IN_FLIGHT };
    const images = await pMap(places, (place) => this.#imagesAt(jobId, place), inFlight);
    return {
      entries: entries.map(([index, undone, order, place]) => ({
        index,
        order,
        image: images[place]?.get(undone),
      })),
      lost,
    };
  }

  /** Undone entries whose results were recorded together are often undone together, too. */
  #imagesAt(jobId: string, place: string): Promise<ReadonlyMap<number, Image>> {
    const key = JSON.stringify([jobId, place]);
    const { images } = this.#ports;
    if (images === undefined) throw new Error('There is nothing to read images from');
    const reading = this.#images.get(key) ?? images.read(jobId, place);
    this.#images.set(key, reading);
    return reading;
  }

  /** What cannot be recorded comes again: applying it again changes nothing. */
  async #record(ended: readonly ProcessedEntry[]): Promise<void> {
    const logs = Map.groupBy(ended, ({ delivery: { message } }) =>
      JSON.stringify([message.jobId, message.buried === true]),
    );
    await Promise.all([...logs.values()].map((group) => this.#append(group)));
  }

  async #append(group: readonly ProcessedEntry[]): Promise<void> {
    const deliveries = group.map(({ delivery }) => delivery);
    const { jobId = '', buried = false } = deliveries[0]?.message ?? {};
    const job = this.#jobs.get(jobId);
    const isLate = buried || job?.end !== undefined;
    // A job whose results grew with each copy would take ever longer to read, and so fail ever more copies.
    const known = await this.#results.get(jobId)?.catch(() => undefined);
    const results = group.map(resultOf).filter((each) => !isRecorded(each, known?.get(each.index)));
    if (results.length === 0) return;
    try {
      await this.#tellFileJob(job);
      await this.#ports.jobs.appendResults(jobId, {
        startedAt: this.#startedAt,
        completedAt: this.#ports.now(),
        isLate,
        results,
      });
    } catch (error) {
      this.#failed(deliveries, error);
      return;
    }
    if (job !== undefined) this.#ports.onRecorded(job, results);
  }

  /** Of a chunk whose job had ended, the file job has counted what the results were before. */
  async #tellFileJob(job: StoredJob | undefined): Promise<void> {
    if (job?.partOf === undefined || job.end === undefined) return;
    const { id: jobId, row } = job.partOf;
    const acceptingUntil = this.#ports.now();
    await this.#ports.fileSteps?.schedule({ jobId, kind: 'report', row, acceptingUntil }, REPORT_SECONDS);
  }

  #failed(deliveries: readonly Delivery[], error: unknown): void {
    const isTransient = this.#ports.isTransient(error);
    if (isTransient) this.hasMetTrouble = true;
    for (const delivery of deliveries) {
      if (isTransient) this.postponed.add(delivery);
      else this.#retry(delivery);
    }
    this.#ports.onFailure(error, deliveries);
  }

  #retry(delivery: Delivery): void {
    const isLast = delivery.receives >= this.#ports.maxAttempts;
    this.retries.set(delivery, isLast ? 0 : retrySeconds(delivery.receives));
  }
}

/** Whether an entry has a result already, with all that another copy tells. */
function isRecorded({ result, processId, image }: EntryResult, known: FoldedResult | undefined): boolean {
  return (
    known !== undefined &&
    image === undefined &&
    JSON.stringify(known.result) === JSON.stringify(result) &&
    known.processId === processId
  );
}

/** What the next copy of a delivery tells of those before it. */
function postponedFrom(delivery: Delivery): Postponed {
  const { times = 0, until = delivery.keptUntil } = delivery.message.postponed ?? {};
  return { times: times + 1, receives: attemptOf(delivery), until };
}

/** With these errors the index may have led to a process that another one has replaced. */
const ERRORS_OF_A_REPLACED: readonly EntryErrorCode[] = [
  'PROCESS_NOT_FOUND',
  'PROCESS_DELETED',
  'PRIMARY_KEY_MISMATCH',
];

/** Whether the index is to blame if the process was the wrong one. */
function isOfIndex(
  { message }: Delivery,
  verdict: ApplyVerdict,
): verdict is Extract<ApplyVerdict, { error: EntryErrorCode }> {
  const isByKey = message.target.id === undefined;
  return isByKey && 'error' in verdict && ERRORS_OF_A_REPLACED.includes(verdict.error);
}

function isDecidedOnce({ message }: Delivery): boolean {
  return message.undo !== undefined || message.create?.ifExists !== undefined || hasPrecondition(message);
}

/** What the updates of a process have found. */
class Images {
  readonly #images = new Map<ReferencedUpdate, Map<number | undefined, Image>>();

  readonly add: NonNullable<ApplyOptions['onImage']> = (update, image, index) => {
    const images = this.#images.get(update) ?? new Map<number | undefined, Image>();
    images.set(index, image);
    this.#images.set(update, images);
  };

  of(update: ReferencedUpdate, index: number | undefined): Image | undefined {
    return this.#images.get(update)?.get(index);
  }
}
