import { Aws, Duration, Fn, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  HttpMethods,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FilesPrefix } from '../../../lambdas/contract/file-keys.ts';
import { FILES_CORS } from '../files-cors.ts';

export interface FileJobsProps {
  /** Whether the bucket outlives the stack. */
  readonly isProtected: boolean;
  /** Time limit of the function that takes the steps. */
  readonly stepTimeout: Duration;
}

/** Jobs and their results are kept for 30 days, and uploads are aborted by their jobs after one. */
const KEPT = Duration.days(31);
const INCOMPLETE = Duration.days(2);

/** The bucket of the files of file jobs, and the queue of the steps in which they are processed. */
export class FileJobs extends Construct {
  /**
   * Known before the bucket is. It lets the page of the console come from there that CORS of the bucket names, whose
   * policy names the bucket: by references, each would wait for the other to be made.
   */
  readonly bucketName = bucketNameOfStack();
  /** Where signed URLs lead. */
  readonly origin = `https://${this.bucketName}.s3.${Aws.REGION}.${Aws.URL_SUFFIX}`;
  /** Brings file jobs to mind until they have ended: a message is a job, and comes again with each step. */
  readonly steps: Queue;
  readonly #bucket: Bucket;

  constructor(scope: Construct, id: string, { isProtected, stepTimeout }: FileJobsProps) {
    super(scope, id);
    this.#bucket = new Bucket(this, 'Bucket', {
      bucketName: this.bucketName,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // Its ETags are MD5s, by which clients know that a part arrived as it was.
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: false,
      lifecycleRules: [{ expiration: KEPT, abortIncompleteMultipartUploadAfter: INCOMPLETE }],
      removalPolicy: isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    Validations.of(this.#bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'The functions log who is given a signed URL; a log of each part and chunk would cost more than the files, in a second bucket.',
    });
    this.steps = new Queue(this, 'Steps', {
      // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: at least.
      visibilityTimeout: Duration.seconds(6 * stepTimeout.toSeconds()),
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    Validations.of(this.steps).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'A step comes again until its job has ended, which may take days; it holds no data.',
    });
  }

  /** Lets pages of an origin PUT parts and GET results, by URLs that are signed for them. */
  allowPagesOf(origin: string): void {
    this.#bucket.addCorsRule({
      allowedOrigins: [origin],
      allowedMethods: FILES_CORS.methods.map((method) => HttpMethods[method]),
      allowedHeaders: [...FILES_CORS.headers],
      exposedHeaders: [...FILES_CORS.exposedHeaders],
      maxAge: FILES_CORS.maxAgeSeconds,
    });
  }

  /** Allows actions on the objects whose keys begin so. */
  grantOnObjects(prefix: FilesPrefix, grantee: LambdaFunction, ...actions: string[]): void {
    const objects = `${this.#arn}/${prefix}*`;
    Grant.addToPrincipal({ grantee, actions, resourceArns: [objects] });
    Validations.of(grantee.role ?? grantee).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${this.#asFound(objects)}]`,
      reason: 'Keys name jobs, which are not known beforehand; each kind of file has a prefix of its own.',
    });
  }

  /**
   * Allows to see that an object is not there: without, S3 refuses to tell, with status 403.
   * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
   */
  grantMiss(grantee: IGrantable): void {
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.#arn] });
  }

  /** Delivers each step to an invocation of its own. */
  stepEvents(maxConcurrency: number): SqsEventSource {
    return new SqsEventSource(this.steps, {
      batchSize: 1,
      reportBatchItemFailures: true,
      maxConcurrency,
    });
  }

  /** Writes a name of several parts as cdk-nag does. */
  #asFound(name: string): string {
    const { 'Fn::Join': joined } = Stack.of(this).resolve(name) as {
      'Fn::Join': [separator: string, parts: (string | { Ref?: string })[]];
    };
    return joined[1]
      .map((part) => {
        if (typeof part === 'string') return part;
        return part.Ref === undefined ? JSON.stringify(part) : `<${part.Ref}>`;
      })
      .join(joined[0]);
  }

  get #arn(): string {
    return `arn:${Aws.PARTITION}:s3:::${this.bucketName}`;
  }
}

/**
 * A name that no other stack has or had: the account, and of the stack's id the time and the machine that it was made at.
 * The 63 characters have no room for the stack's name.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
function bucketNameOfStack(): string {
  const parts = Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID)));
  return `bulk-update-files-${Fn.select(0, parts)}-${Fn.select(4, parts)}-${Aws.ACCOUNT_ID}`;
}
