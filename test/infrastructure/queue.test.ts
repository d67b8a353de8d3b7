import { describe, expect, it } from 'vitest';
import { listOf, propertiesOf, readable, resourcesOf, synthesize } from './synthesize.ts';

interface QueueProperties {
  VisibilityTimeout?: number;
  MessageRetentionPeriod: number;
  SqsManagedSseEnabled: boolean;
  RedrivePolicy?: { deadLetterTargetArn: unknown; maxReceiveCount: number };
}
interface QueuePolicyProperties {
  Queues: unknown[];
  PolicyDocument: { Statement: Record<string, unknown>[] };
}
interface ApplyProperties {
  Timeout: number;
  Environment: { Variables: { MAX_RECEIVE_COUNT: string } };
}

const DAY = 24 * 60 * 60;
const template = synthesize();
const updates = propertiesOf<QueueProperties>(template, 'AWS::SQS::Queue', 'WorkQueueUpdates');
const deadLetters = propertiesOf<QueueProperties>(template, 'AWS::SQS::Queue', 'WorkQueueDeadLetters');
const apply = propertiesOf<ApplyProperties>(template, 'AWS::Lambda::Function', 'Apply');

describe('queues', () => {
  it('are that of updates and its dead-letter queue', () => {
    expect(Object.keys(resourcesOf(template, 'AWS::SQS::Queue')).toSorted()).toEqual([
      'WorkQueueDeadLetters',
      'WorkQueueUpdates',
    ]);
  });

  it('an update moves to the dead-letter queue after as many attempts as apply makes', () => {
    expect(readable(updates.RedrivePolicy?.deadLetterTargetArn)).toBe('WorkQueueDeadLetters.Arn');
    expect(String(updates.RedrivePolicy?.maxReceiveCount)).toBe(
      apply.Environment.Variables.MAX_RECEIVE_COUNT,
    );
  });

  it('a received update stays hidden for six times the time limit of apply', () => {
    expect(updates.VisibilityTimeout).toBeGreaterThanOrEqual(6 * apply.Timeout);
  });

  it('dead letters are kept for 14 days, longer than updates', () => {
    expect(deadLetters.MessageRetentionPeriod).toBe(14 * DAY);
    expect(updates.MessageRetentionPeriod).toBeLessThan(deadLetters.MessageRetentionPeriod);
  });

  it.each([
    ['WorkQueueUpdates', updates],
    ['WorkQueueDeadLetters', deadLetters],
  ])('%s is encrypted and takes requests over TLS only', (name, { SqsManagedSseEnabled }) => {
    expect(SqsManagedSseEnabled).toBe(true);
    const statements = Object.values(resourcesOf<QueuePolicyProperties>(template, 'AWS::SQS::QueuePolicy'))
      .filter(({ Properties }) => Properties.Queues.some((queue) => readable(queue) === name))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect(statements).toEqual([
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'sqs:*',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ]);
    expect(statements.flatMap(({ Resource }) => listOf(Resource)).map(readable)).toEqual([`${name}.Arn`]);
  });

  it('apply receives ten updates at a time and reports each that fails', () => {
    const mappings = Object.values(
      resourcesOf<Record<string, unknown>>(template, 'AWS::Lambda::EventSourceMapping'),
    ).map(({ Properties }) => Properties);
    expect(mappings).toHaveLength(1);
    expect(mappings[0]).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(readable(mappings[0]?.EventSourceArn)).toBe('WorkQueueUpdates.Arn');
    expect(readable(mappings[0]?.FunctionName)).toBe('Apply');
    expect(mappings[0]?.Enabled).not.toBe(false);
  });
});
