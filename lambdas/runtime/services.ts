import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * What a function reaches of the outside. Its file makes a handler of them, once for AWS; the simulation of the
 * guarantees makes handlers of services that fail as AWS's may.
 */
export interface Services {
  documents: DynamoDBDocumentClient;
  queues: SQSClient;
  events: EventBridgeClient;
  files: S3Client;
  /** Epoch ms. */
  now: () => number;
  pause: (ms: number) => Promise<void>;
}
