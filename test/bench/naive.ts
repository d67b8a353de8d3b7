import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSEvent } from 'aws-lambda';
import { PRIMARY_KEY_INDEX } from '../../lambdas/contract/tables.ts';
import { parseMessage } from '../../lambdas/domain/update-message.ts';
import type { Parts } from './parts.ts';

/**
 * The consumer that most would write: for each message, one after the other, look the process up, read it, write
 * it, put a row for its entry, and add to the job's counter. It keeps none of the guarantees.
 */
export function naiveConsumer({ documents, tables }: Parts) {
  return async ({ Records }: SQSEvent): Promise<void> => {
    for (const { body } of Records) {
      const { jobId, index, team, procedure, target, update } = parseMessage(body);
      const { Items: [found] = [] } = await documents.send(
        new QueryCommand({
          TableName: tables.processes,
          IndexName: PRIMARY_KEY_INDEX,
          KeyConditionExpression: '#team = :team AND #procedure = :procedure AND #primaryKey = :primaryKey',
          ExpressionAttributeNames: {
            '#team': 'team',
            '#procedure': 'procedure',
            '#primaryKey': 'primaryKey',
          },
          ExpressionAttributeValues: {
            ':team': team,
            ':procedure': procedure,
            ':primaryKey': target.primaryKey,
          },
        }),
      );
      const Key = { id: found?.id };
      const { Item: process = {} } = await documents.send(
        new GetCommand({ TableName: tables.processes, Key }),
      );
      await documents.send(
        new UpdateCommand({
          TableName: tables.processes,
          Key,
          UpdateExpression: 'SET #data = :data, #state = :state, #updatedAt = :now',
          ExpressionAttributeNames: { '#data': 'data', '#state': 'state', '#updatedAt': 'updatedAt' },
          ExpressionAttributeValues: {
            ':data': { ...process.data, ...update.data },
            ':state': update.state,
            ':now': Date.now(),
          },
        }),
      );
      await documents.send(
        new PutCommand({
          TableName: tables.jobs,
          Item: { jobId: `naive-${jobId}`, part: `entry#${index}`, status: 'SUCCESS', processId: found?.id },
        }),
      );
      await documents.send(
        new UpdateCommand({
          TableName: tables.jobs,
          Key: { jobId: `naive-${jobId}`, part: 'header' },
          UpdateExpression: 'ADD #success :one',
          ExpressionAttributeNames: { '#success': 'success' },
          ExpressionAttributeValues: { ':one': 1 },
        }),
      );
    }
  };
}
