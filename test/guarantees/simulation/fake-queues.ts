import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Connection } from './service.ts';
import type { World } from './world.ts';

/** What may go wrong with a message, as probabilities. */
export interface QueueFaults {
  /** Refused in a batch whose others are taken. */
  partial: number;
  /** Delivered as if it were two. */
  duplicated: number;
  /** Held back for a while. */
  delayed: number;
}

export interface QueueSettings {
  visibilityTimeoutMs: number;
  retentionMs: number;
  redrive?: { to: string; maxReceiveCount: number };
}

/** One copy of a message: a standard queue may deliver several, each with a life of its own. */
interface Copy {
  id: string;
  body: string;
  group: string | undefined;
  sentAt: number;
  visibleAt: number;
  receiveCount: number;
  receipt: string | undefined;
}

interface Queue {
  settings: QueueSettings;
  copies: Set<Copy>;
}

/** The delay of copies that have come for an hour. */
const LONG_SECONDS = 900;
const LONGEST_DELAY_MS = 600_000;
/** Longer than a queue keeps an update. */
const TOO_LONG_MS = 5 * 24 * 60 * 60 * 1000;
const RARELY = 0.000_3;

/** Standard queues that keep SQS's promises and no more: each message arrives, in any order, once or oftener. */
export class FakeQueues {
  /** Told when a queue has a message to deliver, now or in some milliseconds. */
  onMessage: (queue: string, inMs: number) => void = () => {};
  /** Every body ever sent, by its queue. */
  readonly sent = new Map<string, string[]>();
  /** Bodies that nobody received while their queue kept them, by it. */
  readonly expired = new Map<string, string[]>();
  readonly #world: World;
  readonly #faults: () => QueueFaults;
  readonly #queues = new Map<string, Queue>();
  #number = 0;

  constructor(world: World, settings: Record<string, QueueSettings>, faults: () => QueueFaults) {
    this.#world = world;
    this.#faults = faults;
    for (const [name, setting] of Object.entries(settings)) {
      this.#queues.set(name, { settings: setting, copies: new Set() });
    }
  }

  /** How many copies a queue holds, those in flight included. */
  count(name: string): number {
    return this.#queue(name).copies.size;
  }

  /** Milliseconds until a copy is to be delivered, or undefined when there is none. */
  nextIn(name: string): number | undefined {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { visibleAt } of this.#queue(name).copies) earliest = Math.min(earliest, visibleAt);
    return earliest === Number.POSITIVE_INFINITY ? undefined : Math.max(0, earliest - this.#world.now);
  }

  /** Performs one request as a whole. @throws what the SQS client throws */
  perform(command: unknown): unknown {
    if (command instanceof SendMessageBatchCommand) return this.#sendBatch(command.input);
    if (command instanceof SendMessageCommand) return this.#sendOne(command.input);
    if (command instanceof ReceiveMessageCommand) return this.#receive(command.input);
    if (command instanceof DeleteMessageCommand) return this.#delete(command.input);
    if (command instanceof DeleteMessageBatchCommand) return this.#deleteBatch(command.input);
    if (command instanceof ChangeMessageVisibilityBatchCommand) return this.#changeVisibility(command.input);
    throw new Error(`The fake does not know ${String(command?.constructor.name)}`);
  }

  #sendBatch({ QueueUrl, Entries = [] }: SendMessageBatchCommand['input']) {
    const Failed: { Id: string | undefined; Code: string }[] = [];
    for (const { Id, MessageBody, MessageGroupId, DelaySeconds } of Entries) {
      if (this.#world.happens(this.#faults().partial)) Failed.push({ Id, Code: 'InternalError' });
      else this.#send(QueueUrl, MessageBody, MessageGroupId, DelaySeconds);
    }
    return { Failed };
  }

  #sendOne({ QueueUrl, MessageBody, MessageGroupId, DelaySeconds }: SendMessageCommand['input']) {
    this.#send(QueueUrl, MessageBody, MessageGroupId, DelaySeconds);
    return {};
  }

  #send(url: string | undefined, body = '', group: string | undefined, delaySeconds = 0): void {
    const name = url ?? '';
    const { copies, settings } = this.#queue(name);
    const sent = this.sent.get(name);
    if (sent === undefined) this.sent.set(name, [body]);
    else sent.push(body);
    const id = `message-${this.#number++}`;
    const { duplicated } = this.#faults();
    // Those sent for later are sent again and again, in an outage or while they wait for a job, and would become millions.
    const rate = delaySeconds === 0 ? duplicated : delaySeconds < LONG_SECONDS ? duplicated / 8 : 0;
    const number = this.#world.happens(rate) ? 2 : 1;
    for (let i = 0; i < number; i++) {
      const delayMs = delaySeconds * 1000 + this.#delay(settings, body);
      const { now } = this.#world;
      copies.add({
        id,
        body,
        group,
        sentAt: now,
        visibleAt: now + delayMs,
        receiveCount: 0,
        receipt: undefined,
      });
      this.onMessage(name, delayMs);
    }
  }

  #delay({ retentionMs }: QueueSettings, body: string): number {
    const { delayed } = this.#faults();
    if (!this.#world.happens(delayed)) return 0;
    // Updates wait for a create, and their copies would become millions in days of lost responses.
    const isAwaited = body.includes('"create":');
    const isDropped = this.#world.happens(RARELY) && retentionMs < TOO_LONG_MS && !isAwaited;
    return isDropped ? TOO_LONG_MS : this.#world.number(LONGEST_DELAY_MS);
  }

  #receive({ QueueUrl, MaxNumberOfMessages = 1 }: ReceiveMessageCommand['input']): { Messages: Message[] } {
    const name = QueueUrl ?? '';
    const { settings, copies } = this.#queue(name);
    const { now } = this.#world;
    const Messages: Message[] = [];
    const visible = [...copies].filter(({ visibleAt }) => visibleAt <= now);
    while (visible.length > 0 && Messages.length < MaxNumberOfMessages) {
      const [copy] = visible.splice(Math.floor(this.#world.number(visible.length)), 1);
      if (copy === undefined) break;
      if (copy.sentAt + settings.retentionMs < now) {
        copies.delete(copy);
        this.expired.set(name, [...(this.expired.get(name) ?? []), copy.body]);
      } else if (settings.redrive !== undefined && copy.receiveCount >= settings.redrive.maxReceiveCount) {
        copies.delete(copy);
        this.#queue(settings.redrive.to).copies.add({ ...copy, receiveCount: 0, visibleAt: now });
        this.onMessage(settings.redrive.to, 0);
      } else {
        copy.receiveCount += 1;
        copy.receipt = `receipt-${this.#number++}`;
        copy.visibleAt = now + settings.visibilityTimeoutMs;
        this.onMessage(name, settings.visibilityTimeoutMs);
        Messages.push({
          MessageId: copy.id,
          ReceiptHandle: copy.receipt,
          Body: copy.body,
          Attributes: {
            ApproximateReceiveCount: String(copy.receiveCount),
            SentTimestamp: String(Math.floor(copy.sentAt)),
            ...(copy.group === undefined ? {} : { MessageGroupId: copy.group }),
          },
        });
      }
    }
    return { Messages };
  }

  #delete({ QueueUrl, ReceiptHandle }: DeleteMessageCommand['input']) {
    const { copies } = this.#queue(QueueUrl);
    for (const copy of copies) if (copy.receipt === ReceiptHandle) copies.delete(copy);
    return {};
  }

  #deleteBatch({ QueueUrl, Entries = [] }: DeleteMessageBatchCommand['input']) {
    for (const { ReceiptHandle } of Entries) this.#delete({ QueueUrl, ReceiptHandle });
    return { Failed: [] };
  }

  #changeVisibility({ QueueUrl, Entries = [] }: ChangeMessageVisibilityBatchCommand['input']) {
    const name = QueueUrl ?? '';
    for (const { ReceiptHandle, VisibilityTimeout = 0 } of Entries) {
      for (const copy of this.#queue(name).copies) {
        if (copy.receipt !== ReceiptHandle || copy.visibleAt <= this.#world.now) continue;
        copy.visibleAt = this.#world.now + VisibilityTimeout * 1000;
        this.onMessage(name, VisibilityTimeout * 1000);
      }
    }
    return { Failed: [] };
  }

  #queue(name: string | undefined): Queue {
    const queue = this.#queues.get(name ?? '');
    if (queue === undefined) throw new Error(`There is no queue ${name}`);
    return queue;
  }
}

/** An SQS client whose requests go to the queues over a connection. */
export function fakeQueueClient(queues: FakeQueues, connection: Connection): SQSClient {
  const send = (command: unknown) => connection.call(() => queues.perform(command));
  return { send } as unknown as SQSClient;
}
