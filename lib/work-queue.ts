import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface WorkQueueProps {
  /** Time limit of the function that consumes the queue. */
  readonly consumerTimeout: Duration;
}

/** The queue of updates and the dead-letter queue of those that failed at every attempt. */
export class WorkQueue extends Construct {
  /** After so many receives a message moves to the dead-letter queue. */
  static readonly MAX_RECEIVE_COUNT = 5;

  readonly updates: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    this.updates = new Queue(this, 'Updates', {
      // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html asks for six times at least.
      visibilityTimeout: Duration.seconds(6 * props.consumerTimeout.toSeconds()),
      retentionPeriod: Duration.days(4),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: WorkQueue.MAX_RECEIVE_COUNT },
    });
  }
}
