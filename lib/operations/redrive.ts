import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { MAX_BATCH_MESSAGES } from '../../lambdas/contract/limits.ts';

export interface RedriveOptions {
  /** URL of the dead-letter queue. */
  from: string;
  /** URL of the queue of updates. */
  to: string;
  /** Called with the number of messages moved so far. */
  onMoved?: (count: number) => void;
}

/** The dead-letter queue is considered empty when nothing arrives for this time. */
const EMPTY_AFTER_SECONDS = 5;

/**
 * Moves the messages of the dead-letter queue back to the queue of updates, one by one. A message is deleted only
 * after it was sent. One that is sent twice changes nothing.
 *
 * SQS's own StartMessageMoveTask only moves messages that the queue had moved. These were put there by a function,
 * after their entries got a result.
 *
 * @returns the number of moved messages
 * @throws an error of the SDK when a queue cannot be reached or refuses a message, which then stays
 */
export async function redrive(client: SQSClient, { from, to, onMoved }: RedriveOptions): Promise<number> {
  let moved = 0;
  for (;;) {
    const messages = await receive(client, from);
    if (messages.length === 0) return moved;
    await Promise.all(messages.map((message) => move(client, message, from, to)));
    moved += messages.length;
    onMoved?.(moved);
  }
}

async function receive(client: SQSClient, queueUrl: string): Promise<Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: MAX_BATCH_MESSAGES,
      WaitTimeSeconds: EMPTY_AFTER_SECONDS,
      MessageSystemAttributeNames: ['MessageGroupId'],
    }),
  );
  return Messages;
}

async function move(client: SQSClient, message: Message, from: string, to: string): Promise<void> {
  const { Body, ReceiptHandle, Attributes = {} } = message;
  const { MessageGroupId } = Attributes;
  await client.send(new SendMessageCommand({ QueueUrl: to, MessageBody: Body, MessageGroupId }));
  await client.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle }));
}
