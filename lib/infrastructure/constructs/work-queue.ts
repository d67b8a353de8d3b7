import { Duration, Validations } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { MAX_BATCH_MESSAGES, UPDATE_RETENTION_MS } from '../../../lambdas/contract/limits.ts';

export interface WorkQueueProps {
  /** Time limit of the function that consumes the updates. */
  readonly applyTimeout: Duration;
  /** Time limit of the functions that consume the other queues. */
  readonly consumerTimeout: Duration;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: at least. */
const sixTimes = (timeout: Duration) => Duration.seconds(6 * timeout.toSeconds());

/** Maximum time that SQS keeps messages. */
const LONGEST_RETENTION = Duration.days(14);

/** The queue of updates, the queues of those that failed at every attempt, and the queue of job checks. */
export class WorkQueue extends Construct {
  /**
   * An update that was received this often moves to the queue of dead-letter. Receives count updates that kill their
   * function, and of invocations that Lambda throttled: whatever else fails is sent again as a copy, with a count of its own.
   */
  static readonly MAX_RECEIVE_COUNT = 10;

  readonly updates: Queue;
  /** Updates that failed at every attempt, until their entries are closed. */
  readonly exhausted: Queue;
  /** The same updates after that, for the operator. */
  readonly deadLetters: Queue;
  /** Brings jobs to mind until they have ended. */
  readonly jobChecks: Queue;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const queue = (name: string, queueProps: QueueProps) =>
      new Queue(this, name, {
        visibilityTimeout: sixTimes(props.consumerTimeout),
        retentionPeriod: LONGEST_RETENTION,
        encryption: QueueEncryption.SQS_MANAGED,
        enforceSSL: true,
        ...queueProps,
      });

    this.deadLetters = queue('DeadLetters', {});
    this.exhausted = queue('Exhausted', {
      // SQS counts no further: only when entries cannot be closed for days.
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 1000 },
    });
    this.updates = queue('Updates', {
      visibilityTimeout: sixTimes(props.applyTimeout),
      retentionPeriod: Duration.millis(UPDATE_RETENTION_MS),
      deadLetterQueue: { queue: this.exhausted, maxReceiveCount: WorkQueue.MAX_RECEIVE_COUNT },
    });
    this.jobChecks = queue('Reminders', {});
    Validations.of(this.jobChecks).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'A job check comes again until its job has ended, which may take days; it holds no data.',
    });
  }
}

/**
 * Delivers a queue's messages in tens; only those that the function names come again. Without a maximum a queue takes the
 * concurrency that the others need.
 */
export function batchEvents(queue: Queue, maxConcurrency: number): SqsEventSource {
  return new SqsEventSource(queue, {
    batchSize: MAX_BATCH_MESSAGES,
    reportBatchItemFailures: true,
    maxConcurrency,
  });
}
