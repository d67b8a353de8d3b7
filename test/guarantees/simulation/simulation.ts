import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { redrive } from '../../../lib/operations/redrive.ts';
import {
  type Acknowledged,
  type Evidence,
  resultsIn,
  type SeenResult,
  type SeenWrite,
  seenJob,
  withOrdersOfParents,
  withUndone,
} from './evidence.ts';
import type { Item } from './expressions.ts';
import { fakeQueueClient } from './fake-queues.ts';
import type { FakeTables } from './fake-tables.ts';
import { violations } from './invariants.ts';
import { OtherSystems } from './other-systems.ts';
import { type ApiResponse, Pipeline } from './pipeline.ts';
import {
  type ClientPlan,
  mayDie,
  type OtherPlan,
  type Plan,
  type RequestKind,
  type RequestPlan,
  type Safeguards,
  type Span,
  type UndoPlan,
} from './plan.ts';
import { Connection, NO_FAULTS } from './service.ts';
import {
  changedProcedure,
  freshProcess,
  idOf,
  initialProcesses,
  isNewKey,
  itemOf,
  PROCEDURES,
  replacedProcess,
} from './workload.ts';
import { World } from './world.ts';

/** A schedule that needs more has come to no rest. */
const MAX_EVENTS = 200_000;
/** A client repeats a keyed request so often, with that pause. */
const MAX_TRIES = 12;
const RETRY_PAUSE_MS = 10_000;
/** Where functions may stand still, a client with a key waits so long at most. */
const PATIENCE_MS = 29_000;
/** A job is looked at so often while it goes on. */
const LOOKS = 5;
/** Before and after a counter is lost nothing is accepted for longer than clocks differ. */
const QUIET_MS = 5_000;

const TERMINAL = ['INVALID', 'SUCCESS', 'ERROR', 'CANCELLED'] as const;

/**
 * Runs one schedule to its end.
 * @param onPerformed - told of every request to the tables
 * @returns what was not as guaranteed, nothing when all was
 */
export async function simulate(plan: Plan, onPerformed?: FakeTables['onPerformed']): Promise<string[]> {
  return new Simulation(plan, onPerformed).run();
}

class Simulation {
  readonly #plan: Plan;
  readonly #world: World;
  readonly #pipeline: Pipeline;
  readonly #others: OtherSystems;
  readonly #violations: string[] = [];
  readonly #acknowledged: Acknowledged[] = [];
  readonly #initial = initialProcesses();
  readonly #writes: SeenWrite[] = [];
  /** The items of each request, as text. */
  readonly #sent: string[] = [];
  /** The safeguards of requests, by the names of their jobs. */
  readonly #safeguards = new Map<string, Safeguards>();
  readonly #kinds = new Map<string, RequestKind>();
  readonly #results: SeenResult[] = [];
  readonly #cancelledBy = new Map<string, number>();
  readonly #cancelAsked = new Set<string>();
  readonly #retryAsked = new Set<string>();
  #requests = 0;
  #items = 0;
  /** What takes numbers of a team at the moment, and until when nothing more may. */
  #taking = 0;
  #quietUntil = 0;

  constructor(plan: Plan, onPerformed: FakeTables['onPerformed'] | undefined) {
    this.#plan = plan;
    this.#world = new World(plan.seed);
    this.#pipeline = new Pipeline(this.#world, plan.faults);
    const { tables } = this.#pipeline;
    this.#others = new OtherSystems(tables, () => this.#world.now);
    if (onPerformed !== undefined) tables.onPerformed = onPerformed;
    for (const procedure of PROCEDURES) tables.insert('procedures', { ...procedure }, 'before');
    for (const process of this.#initial) tables.insert('processes', { ...process }, 'before');
    tables.onWritten = (table, before, after, byAnother) => {
      if (table === 'jobs' && after !== undefined) this.#results.push(...resultsIn(after, this.#world.now));
      if (table !== 'processes' || byAnother || after === undefined) return;
      this.#writes.push({ at: this.#world.now, process: String(after.id), before: before ?? {}, after });
      this.#checkAlone(after);
    };
  }

  /** One primary key is one process at any time, of those that requests create. */
  #checkAlone({ team, primaryKey }: Item): void {
    if (!isNewKey(primaryKey)) return;
    const alive = this.#pipeline.tables
      .items('processes')
      .filter((item) => item.team === team && item.primaryKey === primaryKey && item.isDeleted !== true);
    if (alive.length > 1)
      this.#violations.push(`${alive.map(({ id }) => id)} are all ${primaryKey} at ${this.#world.now}`);
  }

  async run(): Promise<string[]> {
    const { clients, others, outage, procedureChange } = this.#plan;
    for (const [number, client] of clients.entries()) void this.#client(number, client);
    for (const other of others) void this.#other(other);
    if (outage !== undefined) this.#during(outage, (isIn) => (this.#pipeline.isDown = isIn));
    if (procedureChange !== undefined) {
      const { to } = procedureChange;
      this.#during(procedureChange, (isIn) => {
        for (const procedure of PROCEDURES) {
          const row = isIn ? changedProcedure(procedure, to) : { ...procedure };
          this.#pipeline.tables.insert('procedures', row, 'before');
        }
      });
    }
    await this.#world.run(MAX_EVENTS);
    await this.#check({ isRedriven: false });
    this.#checkNothingDied();

    this.#pipeline.calmDown();
    const lettersIn = this.#pipeline.queues.nextIn('deadLetters');
    if (lettersIn !== undefined) {
      this.#world.after(lettersIn, () => void this.#redrive());
      await this.#world.run(MAX_EVENTS);
      await this.#check({ isRedriven: true });
    }
    if (this.#pipeline.queues.count('deadLetters') > 0) this.#violations.push('There are dead letters again');
    await this.#deliverAllAgain();
    return this.#violations;
  }

  #during({ afterMs, forMs }: Span, set: (isIn: boolean) => void): void {
    this.#world.after(afterMs, () => set(true));
    this.#world.after(afterMs + forMs, () => set(false));
  }

  async #client(number: number, { team, requests }: ClientPlan): Promise<void> {
    for (const plan of requests) {
      const request = ++this.#requests;
      await this.#world.pause(plan.pauseMs);
      if (plan.counter !== 'kept') await this.#loseCounter(team, plan.counter);
      if (plan.createsProcess === 'instead') this.#others.remove(replacedProcess(team, request));
      if (typeof plan.createsProcess === 'string') this.#create(team, request);
      else if (plan.createsProcess !== false) {
        this.#world.after(plan.createsProcess, () => this.#create(team, request));
      }
      const find = (id: string, primaryKey: string) => {
        const processes = this.#pipeline.tables.items('processes');
        const isNamed = (item: Item) => item.team === team && item.primaryKey === primaryKey;
        if (isNewKey(primaryKey))
          return processes.findLast((item) => isNamed(item) && item.isDeleted !== true);
        return processes.find((item) => item.id === id);
      };
      const items = plan.items.map((item) => itemOf(item, team, request, ++this.#items, find, plan.kind));
      this.#sent.push(JSON.stringify(items));
      const accepted = await this.#send(team, items, plan, request);
      if (accepted === undefined) continue;
      const { jobId } = accepted;
      this.#acknowledged.push({ client: number, ...accepted });
      void this.#watch(team, jobId, items.length);
      for (const afterMs of plan.approvesAfterMs ?? []) {
        this.#world.after(afterMs, () => void this.#taken(() => this.#pipeline.approve(team, jobId)));
      }
      for (const pauseMs of plan.cancelsAfterMs) {
        await this.#world.pause(pauseMs);
        this.#cancelAsked.add(jobId);
        const answer = await this.#pipeline.cancel(team, jobId);
        if (answer?.status === 200 && !this.#cancelledBy.has(jobId)) {
          this.#cancelledBy.set(jobId, this.#world.now);
        }
      }
      if (plan.undoes !== undefined) void this.#undo(team, jobId, plan.undoes);
      if (plan.isRetried) await this.#retry(team, jobId);
    }
  }

  #create(team: ClientPlan['team'], request: number): void {
    this.#pipeline.tables.insert('processes', freshProcess(team, request), 'now');
  }

  /** The operator stops the traffic, loses the counter or restores an old one, and lets the traffic go on. */
  async #loseCounter(team: string, how: 'lost' | 'restored'): Promise<void> {
    this.#quietUntil = Number.POSITIVE_INFINITY;
    while (this.#taking > 0) await this.#world.pause(100);
    await this.#world.pause(QUIET_MS);
    this.#others.loseCounter(team, how);
    this.#quietUntil = this.#world.now + QUIET_MS;
  }

  /** Does what takes a number of a team, when that is possible. */
  async #taken<Answer>(take: () => Promise<Answer>): Promise<Answer> {
    while (this.#quietUntil > this.#world.now) await this.#world.pause(1_000);
    this.#taking += 1;
    try {
      return await take();
    } finally {
      this.#taking -= 1;
    }
  }

  /** @returns undefined when the client gave up */
  async #send(
    team: string,
    items: unknown[],
    { kind = 'update', isKeyed, safeguards, approvesAfterMs, undoes }: RequestPlan,
    request: number,
  ): Promise<{ jobId: string; queued: number } | undefined> {
    const name = `request-${request}`;
    this.#safeguards.set(name, safeguards);
    this.#kinds.set(name, kind);
    const plan = approvesAfterMs === undefined ? {} : { plan: true };
    // Their lines tell which entries an undo is about.
    const source = undoes === undefined ? {} : { source: { lines: items.map((_, index) => index + 1) } };
    const onMissing = kind === 'upsert' ? { onMissing: 'create' } : {};
    // By its name an entry is known to create.
    const named = kind === 'update' ? {} : { name };
    const asked = { ...safeguards, ...plan, ...source, ...onMissing, ...named };
    const options = Object.keys(asked).length === 0 ? undefined : { name, ...asked };
    for (let tries = 0; tries < (isKeyed ? MAX_TRIES : 1); tries++) {
      const key = isKeyed ? `key-${request}` : undefined;
      const isCreate = kind === 'create';
      const accepting = this.#taken(() => this.#pipeline.patch(team, items, key, options, isCreate));
      const answer = await (isKeyed ? this.#unlessImpatient(accepting) : accepting);
      if (answer?.status === 202) {
        return { jobId: String(answer.body._data.id), queued: answer.body._meta.queued };
      }
      if (answer !== undefined && ![409, 500, 503].includes(answer.status)) {
        this.#violations.push(`A PATCH was answered with ${answer.status} ${answer.text}`);
      }
      await this.#world.pause(RETRY_PAUSE_MS);
    }
    return undefined;
  }

  /** @returns undefined when the client has given up by then, and repeats what may still be done */
  #unlessImpatient<Answer>(answering: Promise<Answer>): Promise<Answer | undefined> {
    if (this.#plan.faults.stalled === 0) return answering;
    const givingUp = this.#world.pause(this.#world.number(PATIENCE_MS)).then(() => undefined);
    return Promise.race([answering, givingUp]);
  }

  /** Sends the entries again that may succeed now, when the job has ended. */
  async #retry(team: string, jobId: string): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      await this.#world.pause(RETRY_PAUSE_MS);
      this.#retryAsked.add(jobId);
      const answer = await this.#taken(() => this.#pipeline.retry(team, jobId));
      if (answer?.status === 202) return;
    }
  }

  /** Undoes a job, or its undo, when each has ended. */
  async #undo(team: string, jobId: string, plans: readonly UndoPlan[]): Promise<void> {
    let undo: string | undefined;
    for (const { afterMs, of } of plans) {
      await this.#world.pause(afterMs);
      const undone = of === 'undo' ? undo : jobId;
      if (undone === undefined) continue;
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const asking = () => this.#taken(() => this.#pipeline.undo(team, undone));
        const [answer, other] = await Promise.all([asking(), asking()]);
        const ids = [answer, other].flatMap((each) => (each?.status === 202 ? [each.body._data.id] : []));
        if (new Set(ids).size > 1) this.#violations.push(`${ids} both undo ${undone}`);
        if (answer?.status === 202) undo = String(answer.body._data.id);
        if (answer?.status === 202 || answer?.text.includes('NOTHING_TO_UNDO')) break;
        if (answer !== undefined && ![409, 500].includes(answer.status))
          this.#violations.push(`An undo was answered with ${answer.status} ${answer.text}`);
        await this.#world.pause(RETRY_PAUSE_MS);
      }
    }
  }

  async #other({ team, target, writes, pausesMs }: OtherPlan): Promise<void> {
    const id = idOf(team, target);
    for (const pauseMs of pausesMs) {
      await this.#world.pause(pauseMs);
      if (writes === 'note') this.#others.writeNote(id);
      else await this.#taken(async () => this.#others.writeNewest(team, id));
    }
  }

  /** Looks at a job now and then: counts add up, and no end is taken back. */
  async #watch(team: string, jobId: string, total: number): Promise<void> {
    let seen: Record<string, number> = {};
    for (let look = 0; look < LOOKS; look++) {
      await this.#world.pause(this.#world.number(50 * 8 ** look));
      const answer = await this.#pipeline.readJob(team, jobId);
      if (answer?.status !== 200) continue;
      seen = this.#compare(jobId, total, seen, answer);
    }
  }

  #compare(jobId: string, total: number, seen: Record<string, number>, { body }: ApiResponse) {
    const counts = body._meta.bjEntryCompletionStatusVsCount;
    const sum = Object.values(counts).reduce((a, b) => a + b, 0);
    if (sum !== total) this.#violations.push(`${jobId}: counts add up to ${sum}, not to ${total}`);
    for (const status of TERMINAL) {
      const [before = 0, after = 0] = [seen[status], counts[status]];
      // One copy may have looked for a process that another system created before the other copy came. And a retry
      // applies the update of the first entry, in whose place it is: a copy that comes late finds it applied.
      if (status === 'ERROR' && (this.#isCreatedLate() || this.#retryAsked.has(jobId))) continue;
      if (after < before) this.#violations.push(`${jobId}: ${status} went back from ${before} to ${after}`);
    }
    return counts;
  }

  #isCreatedLate(): boolean {
    return this.#plan.clients.some(({ requests }) =>
      requests.some(({ createsProcess }) => Number(createsProcess) > 0),
    );
  }

  async #check({ isRedriven }: { isRedriven: boolean }): Promise<void> {
    const evidence = this.#evidence();
    // Its own errors come when the world is at rest.
    evidence.catch(() => {});
    await this.#world.run(MAX_EVENTS);
    this.#violations.push(...violations(this.#plan, await evidence, isRedriven));
  }

  async #evidence(): Promise<Evidence> {
    const headers = this.#pipeline.tables.items('jobs').filter(({ part }) => part === 'header');
    const jobs = await Promise.all(
      headers.map(async (header) => {
        const [team, id] = [String(header.team), String(header.jobId)];
        const body = await this.#pipeline.seenJob(team, id);
        const lines = await this.#pipeline.seenEntries(team, id);
        // A retry and an undo have the name, and none of the safeguards.
        const isFirst = header.parent === undefined && header.undoes === undefined;
        const safeguards = isFirst && this.#safeguards.get(String(header.name));
        const kind = this.#kinds.get(String(header.name)) ?? 'update';
        return seenJob(header, body, lines, safeguards || {}, header.undoes === undefined ? kind : 'update');
      }),
    );
    return {
      jobs: withUndone(withOrdersOfParents(jobs)),
      processes: this.#pipeline.tables.items('processes'),
      initial: this.#initial,
      writes: this.#writes,
      results: this.#results,
      acknowledged: this.#acknowledged,
      sent: this.#sent,
      cancelledBy: this.#cancelledBy,
      cancelAsked: this.#cancelAsked,
      expired: new Set(this.#expired().map(nameOf)),
      announced: new Set(this.#pipeline.events.map(({ id }) => id)),
      notes: this.#others.notes,
      newest: this.#others.newest,
    };
  }

  /** Where functions are neither killed nor refused an invocation, no outage uses up the receives of an update. */
  #checkNothingDied(): void {
    if (mayDie(this.#plan.faults)) return;
    const dead = this.#pipeline.queues.sent.get('deadLetters')?.length ?? 0;
    if (dead > 0) this.#violations.push(`${dead} updates died, and nothing killed a function`);
  }

  /** Whatever was delivered, and is delivered once more, changes nothing. */
  async #deliverAllAgain(): Promise<void> {
    const before = this.#processesText();
    const { sent } = this.#pipeline.queues;
    // Of an update that was postponed, the queue may have dropped the last copy, and the first was sent, too.
    const expired = new Set(this.#expired().map(nameOf));
    // A copy, since it grows with each that is sent.
    for (const MessageBody of [...(sent.get('updates') ?? [])]) {
      if (expired.has(nameOf(MessageBody))) continue;
      this.#pipeline.queues.perform(new SendMessageCommand({ QueueUrl: 'updates', MessageBody }));
    }
    await this.#world.run(MAX_EVENTS);
    const after = this.#processesText();
    if (before !== after) this.#violations.push(`Delivered again, ${before} became ${after}`);
  }

  /** But for those that another system created late: an update may not have found one before. */
  #processesText(): string {
    const isCreatedLate = this.#isCreatedLate();
    const processes = this.#pipeline.tables.items('processes');
    const sent = this.#sent.flatMap((items) => JSON.parse(items) as Item[]);
    const isOfSeveral = (key: unknown) =>
      isNewKey(key) && (isGivenUp || sent.some((item) => item.lead_id === key && item.isDeleted === true));
    // Of the processes of one primary key, a copy may find another one than the first copy did; and nothing waits for a create
    // that was given up.
    const isGivenUp = this.#results.some(({ code }) =>
      ['PROCESSING_FAILED', 'NOT_QUEUED'].includes(String(code)),
    );
    const compared = processes.filter(
      ({ id, primaryKey }) => !(isCreatedLate && String(id).includes('FRESH')) && !isOfSeveral(primaryKey),
    );
    // A copy of a planned update that an item of its own plan had overtaken is judged once more, and refused by now: its
    // entry stays as it was told, and only the note of that is new.
    return JSON.stringify(compared.map(({ decided: _decided, ...process }) => process));
  }

  /** Updates that the queue held back until it dropped them. */
  #expired(): string[] {
    return this.#pipeline.queues.expired.get('updates') ?? [];
  }

  async #redrive(): Promise<void> {
    await redrive(this.#queueClient(), { from: 'deadLetters', to: 'updates' });
    const lettersIn = this.#pipeline.queues.nextIn('deadLetters');
    if (lettersIn !== undefined) this.#world.after(lettersIn, () => void this.#redrive());
  }

  #queueClient() {
    const connection = new Connection(this.#world, { isAlive: true }, () => NO_FAULTS);
    return fakeQueueClient(this.#pipeline.queues, connection);
  }
}

/** Of a message the entry, as `job/index`. */
function nameOf(body: string): string {
  const { jobId, index } = JSON.parse(body) as Item;
  return `${jobId}/${index}`;
}
