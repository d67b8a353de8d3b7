import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { Background } from './background.ts';
import type { ChaosStack } from './chaos-stack.ts';
import type { Random } from './random.ts';

/** Messages and their copies arrive at most that many seconds later, among what was sent after them. */
const LATEST_SECONDS = 3;
/** Between two grips into the queue, so that most of the updates are delivered as usual. */
const PAUSE_MS = 150;

/**
 * Takes messages from the queue of updates before they are delivered and makes of it the worst that a queue may
 * do: copies of messages arrive at the same time as these or later, and all of them out of order.
 */
export class UnrulyDeliveries extends Background {
  duplicates = 0;
  shuffled = 0;
  readonly #stack: ChaosStack;
  readonly #random: Random;
  /** Copies are not copied again, or there would be more and more of them. */
  readonly #copied = new Set<string>();

  constructor(stack: ChaosStack, random: Random) {
    super();
    this.#stack = stack;
    this.#random = random;
  }

  protected async run(): Promise<void> {
    while (!this.isStopped) {
      const { Messages = [] } = await this.#stack.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.#queueUrl,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ['MessageGroupId'],
        }),
      );
      await Promise.all(Messages.map((message) => this.#disturb(message)));
      await this.pause(PAUSE_MS);
    }
  }

  get #queueUrl(): string {
    return this.#stack.queueUrl('Updates');
  }

  async #disturb(message: Message): Promise<void> {
    const { Body = '', ReceiptHandle } = message;
    const seconds = () => this.#random.between(0, LATEST_SECONDS);
    const isFresh = !this.#copied.has(Body);
    if (isFresh) await this.#copy(message, seconds());
    const { sqs } = this.#stack;
    const received = { QueueUrl: this.#queueUrl, ReceiptHandle };
    if (isFresh && this.#random.chance(0.5)) {
      this.shuffled += 1;
      await sqs.send(new DeleteMessageCommand(received));
      return;
    }
    if (isFresh) this.duplicates += 1;
    await sqs.send(new ChangeMessageVisibilityCommand({ ...received, VisibilityTimeout: seconds() }));
  }

  async #copy({ Body = '', Attributes: { MessageGroupId } = {} }: Message, seconds: number): Promise<void> {
    this.#copied.add(Body);
    const group = MessageGroupId === undefined ? {} : { MessageGroupId };
    await this.#stack.sqs.send(
      new SendMessageCommand({
        QueueUrl: this.#queueUrl,
        MessageBody: Body,
        DelaySeconds: seconds,
        ...group,
      }),
    );
  }
}
