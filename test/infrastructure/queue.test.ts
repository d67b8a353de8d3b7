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
const exhausted = propertiesOf<QueueProperties>(template, 'AWS::SQS::Queue', 'WorkQueueExhausted');
const jobChecks = propertiesOf<QueueProperties>(template, 'AWS::SQS::Queue', 'WorkQueueReminders');
const steps = propertiesOf<QueueProperties>(template, 'AWS::SQS::Queue', 'FileJobsSteps');
const apply = propertiesOf<ApplyProperties>(template, 'AWS::Lambda::Function', 'Apply');

describe('queues', () => {
  it('are that of updates, those of failed ones, that of reminders, and that of file steps', () => {
    expect(Object.keys(resourcesOf(template, 'AWS::SQS::Queue')).toSorted()).toEqual([
      'FileJobsSteps',
      'WorkQueueDeadLetters',
      'WorkQueueExhausted',
      'WorkQueueReminders',
      'WorkQueueUpdates',
    ]);
  });

  it('an update moves on, to have its entry closed, after as many attempts as apply makes', () => {
    expect(readable(updates.RedrivePolicy?.deadLetterTargetArn)).toBe('WorkQueueExhausted.Arn');
    expect(String(updates.RedrivePolicy?.maxReceiveCount)).toBe(
      apply.Environment.Variables.MAX_RECEIVE_COUNT,
    );
  });

  it('an entry that cannot be closed keeps its update until it ends in the dead-letter queue', () => {
    expect(readable(exhausted.RedrivePolicy?.deadLetterTargetArn)).toBe('WorkQueueDeadLetters.Arn');
    expect(exhausted.RedrivePolicy?.maxReceiveCount).toBe(1000);
  });

  it('a reminder comes again for longer than an update may take', () => {
    expect(jobChecks.RedrivePolicy).toBeUndefined();
    expect(jobChecks.MessageRetentionPeriod).toBeGreaterThan(updates.MessageRetentionPeriod);
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
    ['WorkQueueExhausted', exhausted],
    ['WorkQueueDeadLetters', deadLetters],
    ['WorkQueueReminders', jobChecks],
    ['FileJobsSteps', steps],
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

  it.each([
    ['WorkQueueUpdates', 'Apply'],
    ['WorkQueueExhausted', 'DeadLetter'],
    ['WorkQueueReminders', 'FinalizeJob'],
  ])('%s delivers ten messages at a time to %s, which reports each that fails', (queue, consumer) => {
    const mapping = Object.values(
      resourcesOf<Record<string, unknown>>(template, 'AWS::Lambda::EventSourceMapping'),
    ).find(({ Properties }) => readable(Properties.EventSourceArn) === `${queue}.Arn`)?.Properties;
    expect(mapping).toMatchObject({ BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(readable(mapping?.FunctionName)).toBe(consumer);
    expect(mapping?.Enabled).not.toBe(false);
  });

  it('FileJobsSteps delivers each step by itself to RunFileJob, hidden for six times as long as it may take', () => {
    const mapping = Object.values(
      resourcesOf<Record<string, unknown>>(template, 'AWS::Lambda::EventSourceMapping'),
    ).find(({ Properties }) => readable(Properties.EventSourceArn) === 'FileJobsSteps.Arn')?.Properties;
    expect(mapping).toMatchObject({ BatchSize: 1, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(readable(mapping?.FunctionName)).toBe('RunFileJob');
    const { Timeout } = propertiesOf<ApplyProperties>(template, 'AWS::Lambda::Function', 'RunFileJob');
    expect(steps.VisibilityTimeout).toBe(6 * Timeout);
  });
});
