/** What a function costs that has apply's clients and commands, and does nothing. */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
} from '@aws-sdk/client-sqs';
import { BatchGetCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../../../lambdas/adapters/document-client.ts';
import { createQueueClient } from '../../../lambdas/adapters/queue-consumer.ts';

export const commands = [
  ...[BatchGetCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand],
  ...[ChangeMessageVisibilityBatchCommand, DeleteMessageBatchCommand, DeleteMessageCommand],
];
export const clients = [createDocumentClient(), createQueueClient()];

export const handler = async () => ({ batchItemFailures: [] });
