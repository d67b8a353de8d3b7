/** What a function costs that has accept's clients and commands, and does nothing. */
import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../../../lambdas/adapters/document-client.ts';
import { createQueueClient } from '../../../lambdas/adapters/queue-consumer.ts';

export const commands = [
  ...[BatchGetCommand, DeleteCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand],
  ...[SendMessageBatchCommand, SendMessageCommand],
];
export const clients = [createDocumentClient(), createQueueClient()];

export const handler = async () => ({ statusCode: 202 });
