import { describe, expect, it } from 'vitest';
import { listOf, propertiesOf, readable, resourcesOf, synthesize } from './synthesize.ts';

interface BucketProperties {
  BucketName: unknown;
  LifecycleConfiguration: { Rules: object[] };
  CorsConfiguration?: { CorsRules: { AllowedOrigins: unknown[] }[] };
}
interface PolicyProperties {
  PolicyDocument: { Statement: { Effect: string; Resource: unknown }[] };
}

const template = synthesize();
const withConsole = synthesize({ console: true });
const NAME = 'bulk-update-files-AWS::StackId[2][0]-AWS::StackId[2][4]-AWS::AccountId';

const bucketOf = (of: typeof template) =>
  propertiesOf<BucketProperties>(of, 'AWS::S3::Bucket', 'FileJobsBucket');

describe('the bucket of file jobs', () => {
  it('is private, encrypted by S3, and knows no owners of objects', () => {
    expect(bucketOf(template)).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
    expect(bucketOf(template)).not.toHaveProperty('VersioningConfiguration');
  });

  it('takes requests over TLS only, and allows nobody anything by itself', () => {
    const { PolicyDocument } = propertiesOf<PolicyProperties>(
      template,
      'AWS::S3::BucketPolicy',
      'FileJobsBucketPolicy',
    );
    expect(PolicyDocument.Statement).toMatchObject([
      {
        Effect: 'Deny',
        Action: 's3:*',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]);
    expect(PolicyDocument.Statement.flatMap(({ Resource }) => listOf(Resource)).map(readable)).toEqual([
      'FileJobsBucket.Arn',
      'FileJobsBucket.Arn/*',
    ]);
  });

  it('forgets files after their jobs, and parts of uploads that were never completed', () => {
    expect(bucketOf(template).LifecycleConfiguration.Rules).toEqual([
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 }, ExpirationInDays: 31, Status: 'Enabled' },
    ]);
  });

  it('outlives the stack where that is protected', () => {
    const policies = [synthesize({}, {}), synthesize({}, { deletionProtection: false })].map(
      (of) => resourcesOf(of, 'AWS::S3::Bucket').FileJobsBucket?.DeletionPolicy,
    );
    expect(policies).toEqual(['Retain', 'Delete']);
  });

  it('has a name of its own in every stack, which is among the outputs', () => {
    expect(readable(bucketOf(template).BucketName)).toBe(NAME);
    expect(readable(template.Outputs.FilesBucket?.Value)).toBe(NAME);
    const ofId = (id: string) => {
      const parts = id.split('/')[2]?.split('-');
      return `bulk-update-files-${parts?.[0]}-${parts?.[4]}-123456789012`;
    };
    const name = ofId(
      'arn:aws:cloudformation:eu-west-1:123456789012:stack/S/aaf549a0-a413-11df-adb3-5081b3858e83',
    );
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    expect(name).toMatch(/^[a-z\d][a-z\d-]{1,61}[a-z\d]$/);
  });

  it('answers no page without a console, and that of the console only', () => {
    expect(bucketOf(template).CorsConfiguration).toBeUndefined();
    const rules = bucketOf(withConsole).CorsConfiguration?.CorsRules ?? [];
    expect(rules).toMatchObject([
      {
        AllowedMethods: ['PUT', 'GET'],
        AllowedHeaders: ['content-type', 'content-md5'],
        ExposedHeaders: ['ETag'],
      },
    ]);
    expect(rules.flatMap(({ AllowedOrigins }) => AllowedOrigins).map(readable)).toEqual([
      'https://ConsoleDistribution.DomainName',
    ]);
  });

  it('is what the page of the console may reach beside the API', () => {
    const { ResponseHeadersPolicyConfig } = propertiesOf<{
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: { ContentSecurityPolicy: { ContentSecurityPolicy: unknown } };
      };
    }>(withConsole, 'AWS::CloudFront::ResponseHeadersPolicy', 'ConsoleSecurityHeaders');
    const { ContentSecurityPolicy } = ResponseHeadersPolicyConfig.SecurityHeadersConfig;
    expect(readable(ContentSecurityPolicy.ContentSecurityPolicy)).toContain(
      `; connect-src 'self' https://${NAME}.s3.AWS::Region.AWS::URLSuffix; `,
    );
  });

  it('is named without waiting for it, since it waits for the console', () => {
    const waiting = JSON.stringify(
      Object.entries(withConsole.Resources).filter(([id]) => !id.startsWith('FileJobs')),
    );
    expect(waiting).not.toContain('FileJobsBucket');
  });
});

describe('the queue of file steps', () => {
  it('hides a step for six times as long as it may take, and keeps it for 14 days', () => {
    expect(propertiesOf(template, 'AWS::SQS::Queue', 'FileJobsSteps')).toEqual({
      VisibilityTimeout: 6 * 15 * 60,
      MessageRetentionPeriod: 14 * 24 * 60 * 60,
      SqsManagedSseEnabled: true,
    });
  });
});
