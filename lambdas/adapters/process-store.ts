import { setTimeout } from 'node:timers/promises';
import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Origin, Process } from '../contract/process.ts';
import type { Writing } from '../domain/change.ts';
import { isOfSameJob, writerOf } from '../domain/clocks.ts';
import {
  createdProcess,
  createdWith,
  hasKey,
  isBefore,
  isCreatedAfter,
  isYounger,
  type KeyReference,
} from '../domain/creation.ts';
import { belongsTo, decide, runsOf } from '../domain/decide.ts';
import { readDecisions } from '../domain/decided.ts';
import { writesFields } from '../domain/decision.ts';
import { fieldValue } from '../domain/field.ts';
import { imagesOf } from '../domain/image.ts';
import { isGuarded, mayWinLate, mergeUpdates, UNTOUCHED } from '../domain/merge.ts';
import type {
  ApplyOptions,
  ApplyVerdict,
  Created,
  Processes,
  ReferencedUpdate,
  ResolvedReference,
  Trace,
} from '../domain/ports.ts';
import { hasPrecondition } from '../domain/precondition.ts';
import { isWritable } from '../domain/process.ts';
import { ContentionError, isInvalidRequest, isItemTooLarge } from './aws-errors.ts';
import { batchGet, MAX_KEYS } from './batch-get.ts';
import { UNMARSHALL_OPTIONS } from './document-client.ts';
import { putProcess, type Rivals, writeBesides } from './process-creation.ts';
import { directWrite, mergedWrite, type Write, type WrittenDecision } from './process-write.ts';

/** Where the processes are. */
export interface ProcessesTable {
  table: string;
  /** Name of the index on (team, procedure, primaryKey). */
  index: string;
}

/** How often a merged write is tried against concurrent writers before the queue tries again later. */
const MAX_MERGES = 8;

/**
 * A write's response: what the fields had before it, or, when its condition failed, the item as it is. It is invalid when the
 * item is nothing that it can be written to, or the response nothing that can be read.
 */
type Written = { before: Partial<Process> } | { conflict: Process | undefined } | 'TOO_LARGE' | 'INVALID';

export class ProcessStore implements Processes {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #index: string;
  readonly #now: () => number;
  readonly #onMerge: () => void;
  readonly #pause: (ms: number) => Promise<unknown>;

  /** @param onMerge - told each time that the one write of the common case was not enough */
  constructor(
    client: DynamoDBDocumentClient,
    { table, index }: ProcessesTable,
    now: () => number,
    onMerge = () => {},
    pause: (ms: number) => Promise<unknown> = setTimeout,
  ) {
    this.#client = client;
    this.#table = table;
    this.#index = index;
    this.#now = now;
    this.#onMerge = onMerge;
    this.#pause = pause;
  }

  /** Reads one process, strongly consistent. */
  async get(id: string): Promise<Process | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { id }, ConsistentRead: true }),
    );
    return Item as Process | undefined;
  }

  /** Reads up to MAX_KEYS processes, strongly consistent. */
  async getAll(ids: readonly string[]): Promise<ReadonlyMap<string, Process>> {
    const request = { Keys: ids.map((id) => ({ id })), ConsistentRead: true };
    const found = await batchGet(this.#client, this.#table, request, this.#pause);
    return new Map(found.map((process) => [process.id as string, process as unknown as Process]));
  }

  /**
   * Reads a process for half a unit. What is decided by it is written on the condition that it is still so; only whether there is
   * a process at all is not.
   */
  async #lookAt(id: string): Promise<Process | undefined> {
    const { Item } = await this.#client.send(new GetCommand({ TableName: this.#table, Key: { id } }));
    return (Item as Process | undefined) ?? this.get(id);
  }

  /** The usual case, one process of that primary key, is one query of half a read unit. */
  async findIds(team: string, procedure: string, primaryKey: string): Promise<string[]> {
    const pages = this.#query(team, procedure, primaryKey);
    // The index also holds deleted processes, any number of them, which give way to a live one.
    const live: string[] = [];
    let first: string | undefined;
    for await (const { Items = [], LastEvaluatedKey } of pages) {
      const ids = Items.map((item) => item.id as string);
      const isOnly = first === undefined && LastEvaluatedKey === undefined && ids.length === 1;
      if (isOnly) return ids;
      first ??= ids[0];
      live.push(...(await this.#liveOf(ids)));
      if (live.length > 1) return live;
    }
    return live.length > 0 || first === undefined ? live : [first];
  }

  #query(team: string, procedure: string, primaryKey: string) {
    return paginateQuery(
      { client: this.#client, pageSize: MAX_KEYS },
      {
        TableName: this.#table,
        IndexName: this.#index,
        KeyConditionExpression: '#team = :team AND #procedure = :procedure AND #primaryKey = :primaryKey',
        ExpressionAttributeNames: { '#team': 'team', '#procedure': 'procedure', '#primaryKey': 'primaryKey' },
        ExpressionAttributeValues: { ':team': team, ':procedure': procedure, ':primaryKey': primaryKey },
      },
    );
  }

  async findShowing(key: KeyReference, order: number): Promise<string | undefined> {
    const ids = await this.#twinsOf(key);
    for (let first = 0; first < ids.length; first += MAX_KEYS) {
      const processes = (await this.getAll(ids.slice(first, first + MAX_KEYS))).values();
      const showing = processes.find((process) => traceIn(process, order, 0) !== undefined);
      if (showing !== undefined) return showing.id;
    }
    return undefined;
  }

  async traceOf(target: ResolvedReference, order: number, index = 0): Promise<Trace | undefined> {
    const process = await this.get(target.id);
    if (process === undefined || !belongsTo(process, target)) return undefined;
    return traceIn(process, order, index);
  }

  async apply(
    target: ResolvedReference,
    updates: readonly ReferencedUpdate[],
    options: ApplyOptions = {},
  ): Promise<ApplyVerdict[]> {
    const runs = runsOf(updates);
    return runs.length === 1
      ? this.#applyRun(target, updates, options)
      : this.#applyRuns(target, updates, runs, options);
  }

  async #applyRun(
    target: ResolvedReference,
    updates: readonly ReferencedUpdate[],
    options: ApplyOptions,
  ): Promise<ApplyVerdict[]> {
    const first = await this.#writeDirectly(target, updates, options);
    if ('verdicts' in first) return first.verdicts;
    let { process } = first;
    for (let merges = 0; merges < MAX_MERGES; merges++) {
      this.#onMerge();
      const decided = await this.#writeMerged(target, process, updates, options);
      if ('verdicts' in decided) return decided.verdicts;
      process = decided.process;
    }
    throw new ContentionError(
      `Process ${target.id} was written by others during ${MAX_MERGES} attempts to merge into it`,
    );
  }

  /** The common case: no read, one write, whose condition tells whether its assumptions hold. */
  async #writeDirectly(
    target: ResolvedReference,
    updates: readonly ReferencedUpdate[],
    options: ApplyOptions,
  ): Promise<Attempt> {
    if (updates.some(({ undo }) => undo !== undefined)) return { process: await this.#lookAt(target.id) };
    // A process that exists is not written.
    if (updates.some(({ create }) => create?.ifExists !== undefined))
      return { process: await this.get(target.id) };
    const primaryKeys = new Set(
      updates.flatMap(({ primaryKey, update }) =>
        [primaryKey, update.primaryKey].filter((key) => key !== undefined),
      ),
    );
    const merged = mergeUpdates(updates, UNTOUCHED);
    const [primaryKey] = primaryKeys;
    // Of several updates to a state, whether one may follow depends on what comes of those before it.
    const guarded = updates.find((update) => isGuarded(update) || hasPrecondition(update));
    const isDecidable = primaryKeys.size <= 1 && (guarded === undefined || updates.length === 1);
    const guard = guarded && {
      order: guarded.order,
      stateFrom: guarded.update.stateFrom,
      expect: guarded.expect,
      planned: guarded.planned,
    };
    const from = Math.min(...updates.map(({ order }) => order));
    const write =
      isDecidable && merged.changes.length > 0
        ? directWrite(target, merged.changes, { primaryKey, guard, from, now: this.#now() })
        : undefined;
    if (write === undefined) return { process: await this.get(target.id) };

    const written = await this.#update(write);
    // Such as a version of null, to which nothing can be added: the process as it is tells what can be done.
    if (written === 'INVALID') return { process: await this.get(target.id) };
    if (written === 'TOO_LARGE' && guard !== undefined) return { process: await this.get(target.id) };
    if (written === 'TOO_LARGE') return { verdicts: await this.#applyOneByOne(target, updates, options) };
    if ('conflict' in written) return { process: written.conflict };
    tellImages(written.before, merged.steps, updates, options);
    return { verdicts: merged.verdicts((field) => fieldValue(written.before as Process, field)) };
  }

  /**
   * Notes in a process that an update would have created it that was accepted before the one which did: what was accepted
   * between the two is for this process.
   */
  async #noteCreators(process: Process | undefined, updates: readonly ReferencedUpdate[]): Promise<void> {
    if (process === undefined) return;
    const earlier = updates.filter(
      ({ create, isByIndex, order }) => create !== undefined && !isByIndex && isYounger(process, order),
    );
    if (earlier.length === 0) return;
    await this.#update({
      Key: { id: process.id },
      UpdateExpression: 'SET #from=:order',
      ConditionExpression: '#created=:created AND (attribute_not_exists(#from) OR #from>:order)',
      ExpressionAttributeNames: { '#from': 'createdFrom', '#created': 'createdOrder' },
      ExpressionAttributeValues: {
        ':order': Math.min(...earlier.map(({ order }) => order)),
        ':created': process.createdOrder,
      },
    });
  }

  /** Decides with the process at hand; `process` in the return value is the newer one when somebody wrote it. */
  async #writeMerged(
    target: ResolvedReference,
    process: Process | undefined,
    updates: readonly ReferencedUpdate[],
    options: ApplyOptions,
  ): Promise<Attempt> {
    const rivals = updates.some(({ undo }) => undo !== undefined) ? await this.#rivalsOf(process) : undefined;
    const isKeyTaken = rivals !== undefined && rivals.live.length > 0;
    const goes = rivals?.live.find((rival) => updates.some((update) => isToGo(rival, update)));
    if (goes !== undefined && updates.some(({ isTriedAgain }) => isTriedAgain))
      throw new ContentionError(
        `Process ${goes.id} has the primary key of ${target.id} until it is undone, too`,
      );
    await this.#noteCreators(process, updates);
    const { verdicts, steps, ...decision } = decide(
      process,
      target,
      await withEnds(process, updates, options),
      isKeyTaken,
    );
    const { changes, decided, isGuarded } = decision;
    if (process === undefined || changes.length + decided.size === 0) return { verdicts };
    const write = mergedWrite(process, decision, this.#now());
    const isRevived = changes.some(({ field, value }) => field === 'isDeleted' && value !== true);
    const written =
      rivals !== undefined && isRevived ? await this.#revive(write, rivals) : await this.#update(write);
    if (written === 'INVALID') {
      return { verdicts: updates.map(() => ({ error: 'PROCESS_NOT_WRITABLE' })) };
    }
    if (written === 'TOO_LARGE') {
      // A process that is full takes no note of a refusal.
      if (!writesFields(decision)) return { verdicts };
      const [only] = updates;
      if (updates.length > 1 || only === undefined || !isGuarded)
        return { verdicts: await this.#applyOneByOne(target, updates, options) };
      return this.#writeRefusal(process, decision, only.order);
    }
    if ('conflict' in written) return { process: written.conflict };
    const [[only], [verdict]] = [updates, verdicts];
    // An undo stands alone.
    if (only !== undefined && verdict !== undefined && 'undone' in verdict)
      tellUndoneImages(process, verdict, only, options);
    else tellImages(process, steps, updates, options);
    return { verdicts };
  }

  /** Notes that a guarded update is too large, as far as the process has room for that. */
  async #writeRefusal(
    process: Process,
    { dependsOn, isGuarded }: WrittenDecision,
    order: number,
  ): Promise<Attempt> {
    const decided = new Map([[order, 'PROCESS_TOO_LARGE' as const]]);
    const write = mergedWrite(process, { changes: [], decided, dependsOn, isGuarded }, this.#now());
    const written = await this.#update(write);
    return typeof written === 'object' && 'conflict' in written
      ? { process: written.conflict }
      : { verdicts: [{ error: 'PROCESS_TOO_LARGE' }] };
  }

  /** When updates do not fit together, those that fit alone still arrive. */
  async #applyOneByOne(
    target: ResolvedReference,
    updates: readonly ReferencedUpdate[],
    options: ApplyOptions,
  ): Promise<ApplyVerdict[]> {
    if (updates.length === 1) return [{ error: 'PROCESS_TOO_LARGE' }];
    return this.#applyRuns(
      target,
      updates,
      updates.toSorted((a, b) => a.order - b.order).map((update) => [update]),
      options,
    );
  }

  /** @returns the verdicts on runs that are applied one after the other, in the order of `updates` */
  async #applyRuns(
    target: ResolvedReference,
    updates: readonly ReferencedUpdate[],
    runs: readonly (readonly ReferencedUpdate[])[],
    options: ApplyOptions,
  ): Promise<ApplyVerdict[]> {
    const verdicts = new Map<ReferencedUpdate, ApplyVerdict | undefined>();
    for (const run of runs) {
      const decided = await this.#applyRun(target, run, options);
      for (const [position, update] of run.entries()) verdicts.set(update, decided[position]);
    }
    return updates.map((update) => verdicts.get(update) as ApplyVerdict);
  }

  async #update(write: Write): Promise<Written> {
    try {
      const { Attributes = {} } = await this.#client.send(
        new UpdateCommand({ TableName: this.#table, ...write }),
      );
      return { before: Attributes };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return { conflict: readItem(error.Item) };
      // The SDK reads no item with a member `__proto__` out of an error; of the item itself it leaves that out.
      if (error instanceof TypeError && '$response' in error) return 'INVALID';
      if (!(error instanceof Error) || !isInvalidRequest(error)) throw error;
      return isItemTooLarge(error) ? 'TOO_LARGE' : 'INVALID';
    }
  }

  /** Whether a process is deleted, and another one has its primary key, also once updates are undone. */
  async isKeyTaken(process: Process | undefined, updates: readonly ReferencedUpdate[]): Promise<boolean> {
    const rivals = await this.#rivalsOf(process);
    return rivals?.live.some((rival) => !updates.some((update) => isToGo(rival, update))) === true;
  }

  /** The other processes with the primary key of a deleted one, of which none may be alive for it to come back. */
  async #rivalsOf(process: Process | undefined): Promise<(Rivals & { live: Process[] }) | undefined> {
    if (process?.isDeleted !== true || process.primaryKey === undefined) return undefined;
    const { id, team, procedure, primaryKey } = process;
    const key = { team, procedure, primaryKey };
    const others = new Set(await this.findIds(team, procedure, primaryKey));
    let missing = '';
    for await (const created of createdWith(key, (each) => this.get(each))) {
      if (created.process === undefined) missing = created.id;
      else others.add(created.id);
    }
    others.delete(id);
    const alive = others.size > 0 ? await this.#liveOf([...others]) : [];
    const read = alive.length > 0 ? [...(await this.getAll(alive.slice(0, MAX_KEYS))).values()] : [];
    // As they are in one read: by the first one another may be alive that is undone, and so not to go, by the second.
    const live = read.filter(({ isDeleted }) => isDeleted !== true);
    return { live, deleted: [...others], missing };
  }

  /** Writes a process that comes to life again, unless another one of its primary key did meanwhile. */
  async #revive(write: Write, rivals: Rivals): Promise<Written> {
    const written = await writeBesides(this.#client, this.#table, write, rivals);
    if (written === 'WRITTEN') return { before: {} };
    if (written === 'TOO_LARGE') return written;
    if ('conflict' in written) return written;
    return { conflict: await this.get(String(write.Key?.id)) };
  }

  async create(...[key, update, { isDeleted, hasEnded }]: Parameters<Processes['create']>): Promise<Created> {
    if (isDeleted && (await hasEnded())) return 'ENDED';
    const deleted = new Set(isDeleted ? await this.#twinsOf(key) : []);
    for (let n = 0; ; n++) {
      const process = createdProcess(key, n, update, this.#now());
      deleted.delete(process.id);
      const put = await putProcess(this.#client, this.#table, process, { deleted: [...deleted] });
      if (put === 'WRITTEN') return { id: process.id };
      if (put === 'TOO_LARGE') return put;
      if ('rival' in put) return { found: put.rival };
      const found = put.conflict ?? (await this.get(process.id));
      if (found === undefined)
        throw new ContentionError(`Process ${process.id} was there, and is not any more`);
      // What another system wrote there is not of this primary key.
      if (!hasKey(found, key)) continue;
      if (!isBefore(found, update.order)) return { found: found.id };
      if (deleted.size === 0 && (await hasEnded())) return 'ENDED';
      // The index may show others that are deleted, too.
      if (deleted.size === 0) for (const id of await this.#twinsOf(key)) deleted.add(id);
      deleted.add(found.id);
    }
  }

  /** Ids of the processes with a primary key that the index shows, deleted or not. */
  async #twinsOf({ team, procedure, primaryKey }: KeyReference): Promise<string[]> {
    const ids: string[] = [];
    for await (const { Items = [] } of this.#query(team, procedure, primaryKey))
      ids.push(...Items.map((item) => item.id as string));
    return ids;
  }

  async #liveOf(ids: readonly string[]): Promise<string[]> {
    const request = {
      Keys: ids.map((id) => ({ id })),
      ConsistentRead: true,
      ProjectionExpression: '#id, #isDeleted',
      ExpressionAttributeNames: { '#id': 'id', '#isDeleted': 'isDeleted' },
    };
    const found = await batchGet(this.#client, this.#table, request, this.#pause);
    return found.filter(({ isDeleted }) => isDeleted !== true).map(({ id }) => id as string);
  }
}

/** Whether a process is alive by the job that an update undoes, and not undone yet. */
function isToGo(process: Process, { order, undo }: ReferencedUpdate): boolean {
  const { createdOrder, decided } = process;
  const by = [createdOrder, writerOf(process, 'isDeleted')].filter((each) => typeof each === 'number');
  const isOfJob = undo?.entries.some((entry) => by.some((each) => isOfSameJob(each, entry.order))) === true;
  return isOfJob && !Object.keys(decided ?? {}).some((each) => isOfSameJob(Number(each), order));
}

/** What a process shows of an update, or of an entry of an undo. */
function traceIn(process: Process, order: number, index: number): Trace | undefined {
  const origins: (Partial<Origin> | null)[] = Object.values(process.origins ?? {});
  const brought = [...Object.values(process.clocks ?? {}), ...origins.map((origin) => origin?.of)];
  if (process.createdOrder === order) return { outcome: 'CREATED' };
  if (brought.includes(order)) return { outcome: 'APPLIED' };
  const decided = readDecisions(process.decided);
  const undone = decided.undoneBy(order)?.(index);
  if (undone !== undefined) return undone;
  const decision = decided.decisionOf(order);
  if (decision === undefined) return undefined;
  return decision === 'APPLIED' ? { outcome: decision } : { error: decision };
}

/** Finds out which updates have their result, of those for which that counts. */
async function withEnds(
  process: Process | undefined,
  updates: readonly ReferencedUpdate[],
  { hasEnded }: ApplyOptions,
): Promise<readonly ReferencedUpdate[]> {
  if (process === undefined || hasEnded === undefined || !isWritable(process)) return updates;
  const ends = updates.map(async (update) =>
    (mayWinLate(process, update) || isCreatedAfter(process, update.order)) && (await hasEnded(update))
      ? { ...update, hasEnded: true }
      : update,
  );
  return Promise.all(ends);
}

function tellImages(
  before: Partial<Process>,
  writings: readonly Writing[],
  updates: readonly ReferencedUpdate[],
  { onImage }: ApplyOptions,
): void {
  // A deployment that keeps none makes none.
  if (onImage === undefined) return;
  const images = imagesOf(before, writings);
  for (const update of updates) {
    const image = images.get(update.order);
    if (image !== undefined) onImage(update, image);
  }
}

/** An entry that gave nothing back has an image, too: of no field. */
function tellUndoneImages(
  before: Process,
  { undone }: Extract<ApplyVerdict, { undone: unknown }>,
  update: ReferencedUpdate,
  { onImage }: ApplyOptions,
): void {
  if (onImage === undefined) return;
  for (const { index, result, writings } of undone) {
    if ('outcome' in result)
      onImage(update, imagesOf(before, writings).get(update.order) ?? new Map(), index);
  }
}

type Attempt = { verdicts: ApplyVerdict[] } | { process: Process | undefined };

function readItem(item: Record<string, AttributeValue> | undefined): Process | undefined {
  return item === undefined ? undefined : (unmarshall(item, UNMARSHALL_OPTIONS) as Process);
}
