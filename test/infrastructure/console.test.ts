import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from '../../lib/infrastructure/console-headers.ts';
import { ROUTES } from '../../lib/openapi/routes.ts';
import { propertiesOf, readable, resourcesOf, synthesize } from './synthesize.ts';

interface Behavior {
  PathPattern?: string;
  AllowedMethods?: string[];
  TargetOriginId: string;
  ViewerProtocolPolicy: string;
  CachePolicyId: string;
  OriginRequestPolicyId?: string;
  ResponseHeadersPolicyId?: unknown;
}
interface Origin {
  Id: string;
  DomainName: unknown;
  OriginPath?: unknown;
  OriginAccessControlId?: unknown;
  CustomOriginConfig?: { OriginProtocolPolicy: string; OriginSSLProtocols: string[] };
}
interface DistributionProperties {
  DistributionConfig: {
    DefaultRootObject: string;
    DefaultCacheBehavior: Behavior;
    CacheBehaviors: Behavior[];
    CustomErrorResponses: { ErrorCode: number; ErrorCachingMinTTL: number; ResponsePagePath?: string }[];
    Origins: Origin[];
  };
}
interface Statement {
  Action: string | string[];
  Effect: string;
  Principal: { Service?: string; AWS?: unknown };
  Condition?: Record<string, Record<string, unknown>>;
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html */
const ALL_VIEWER_EXCEPT_HOST_HEADER = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

it('there is no console unless it is asked for', () => {
  const { Resources, Outputs } = synthesize();
  const types = Object.values(Resources).map(({ Type }) => Type);
  expect(types.filter((type) => /CloudFront|^Custom::/.test(type))).toEqual([]);
  expect(Object.keys(resourcesOf({ Resources, Outputs }, 'AWS::S3::Bucket'))).toEqual(['FileJobsBucket']);
  expect(Outputs).not.toHaveProperty('ConsoleUrl');
  expect(Object.keys(synthesize({ console: 'false' }).Resources)).toEqual(Object.keys(Resources));
});

describe('the console', () => {
  const template = synthesize({ console: 'true' });
  const { DistributionConfig: distribution } = propertiesOf<DistributionProperties>(
    template,
    'AWS::CloudFront::Distribution',
    'ConsoleDistribution',
  );
  const originOf = ({ TargetOriginId }: Behavior) =>
    distribution.Origins.find(({ Id }) => Id === TargetOriginId);

  it('has an address among the outputs', () => {
    expect(readable(template.Outputs.ConsoleUrl?.Value)).toBe('https://ConsoleDistribution.DomainName/');
  });

  it('lies in a bucket that is private and encrypted, and goes with the stack', () => {
    const bucket = resourcesOf(template, 'AWS::S3::Bucket').ConsoleBucket;
    expect(bucket?.DeletionPolicy).toBe('Delete');
    expect(bucket?.Properties).toMatchObject({
      BucketEncryption: { ServerSideEncryptionConfiguration: [expect.anything()] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  it('is read by this distribution only, and over TLS only', () => {
    const { PolicyDocument } = propertiesOf<{ PolicyDocument: { Statement: Statement[] } }>(
      template,
      'AWS::S3::BucketPolicy',
      'ConsoleBucketPolicy',
    );
    const statements = PolicyDocument.Statement;
    const services = statements.filter(({ Principal }) => Principal.Service !== undefined);
    expect(services).toMatchObject([{ Action: 's3:GetObject', Effect: 'Allow' }]);
    expect(readable(services[0]?.Condition?.StringEquals?.['AWS:SourceArn'])).toMatch(
      /:distribution\/ConsoleDistribution$/,
    );
    expect(statements.filter(({ Effect }) => Effect === 'Deny')).toMatchObject([
      { Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ]);
    const origin = originOf(distribution.DefaultCacheBehavior);
    expect(readable(origin?.DomainName)).toBe('ConsoleBucket.RegionalDomainName');
    expect(readable(origin?.OriginAccessControlId)).toMatch(/OriginAccessControl\.Id$/);
  });

  it('is uploaded assets first, each kind with its time to be kept, and nothing is deleted', () => {
    const uploads = resourcesOf<Record<string, unknown>>(template, 'Custom::CDKBucketDeployment');
    const cacheControl = Object.entries(uploads).map(([name, { Properties }]) => [
      name,
      Properties.Exclude,
      Properties.Include,
      Properties.Prune,
      Properties.SystemMetadata,
    ]);
    expect(cacheControl).toEqual([
      [
        'ConsoleAssetsCustomResource',
        ['index.html'],
        undefined,
        false,
        { 'cache-control': 'public, max-age=31536000, immutable' },
      ],
      ['ConsolePageCustomResource', ['*'], ['index.html'], false, { 'cache-control': 'no-cache' }],
    ]);
    expect(uploads.ConsolePageCustomResource?.DependsOn).toContainEqual(
      expect.stringMatching(/^ConsoleAssetsCustomResource/),
    );
    const { Policies } = propertiesOf<{
      Policies: { PolicyDocument: { Statement: { Action: string; Resource: unknown }[] } }[];
    }>(template, 'AWS::IAM::Role', 'ConsoleDeploymentRole');
    const allowed = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    expect(allowed.map(({ Action }) => Action)).toEqual(['s3:GetObject', 's3:ListBucket', 's3:PutObject']);
  });

  it('is shown over HTTPS with its policy, and only to read', () => {
    const behavior = distribution.DefaultCacheBehavior;
    expect(distribution.DefaultRootObject).toBe('index.html');
    expect(behavior).toMatchObject({
      ViewerProtocolPolicy: 'redirect-to-https',
      CachePolicyId: CACHING_OPTIMIZED,
    });
    // GET and HEAD.
    expect(behavior.AllowedMethods).toBeUndefined();
    expect(readable(behavior.ResponseHeadersPolicyId)).toBe('ConsoleSecurityHeaders');
    const { ResponseHeadersPolicyConfig } = propertiesOf<{
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: { ContentSecurityPolicy: { ContentSecurityPolicy: unknown } };
      };
    }>(template, 'AWS::CloudFront::ResponseHeadersPolicy', 'ConsoleSecurityHeaders');
    expect(ResponseHeadersPolicyConfig.SecurityHeadersConfig).toEqual({
      ContentSecurityPolicy: { ContentSecurityPolicy: expect.anything(), Override: true },
      ContentTypeOptions: { Override: true },
      ReferrerPolicy: { ReferrerPolicy: 'no-referrer', Override: true },
      StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, Override: true },
    });
    const { ContentSecurityPolicy } = ResponseHeadersPolicyConfig.SecurityHeadersConfig;
    const [, filesOrigin = ''] =
      /connect-src 'self' (\S+);/.exec(readable(ContentSecurityPolicy.ContentSecurityPolicy)) ?? [];
    expect(readable(ContentSecurityPolicy.ContentSecurityPolicy)).toBe(contentSecurityPolicy(filesOrigin));
  });

  it.each(ROUTES.map(({ path }) => path))('the API answers %s beside it', (path) => {
    const behavior = distribution.CacheBehaviors.find(({ PathPattern = '' }) =>
      new RegExp(`^${PathPattern.split('*').map(RegExp.escape).join('.*')}$`).test(path),
    );
    expect(behavior).toMatchObject({
      AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
      ViewerProtocolPolicy: 'https-only',
      CachePolicyId: CACHING_DISABLED,
      OriginRequestPolicyId: ALL_VIEWER_EXCEPT_HOST_HEADER,
    });
    // The page for reading the API has a policy of its own.
    expect(behavior?.ResponseHeadersPolicyId).toBeUndefined();
  });

  it('sends what is for the API to its stage, over TLS 1.2', () => {
    const origins = distribution.CacheBehaviors.map(originOf);
    expect(new Set(origins).size).toBe(1);
    expect(JSON.stringify(origins[0]?.DomainName)).toContain('.execute-api.');
    expect(JSON.stringify(origins[0]?.OriginPath)).toContain('BulkApiDeploymentStagelive');
    expect(origins[0]?.CustomOriginConfig).toMatchObject({
      OriginProtocolPolicy: 'https-only',
      OriginSSLProtocols: ['TLSv1.2'],
    });
  });

  it("leaves the API's errors as they are, and answers none of them to another key", () => {
    const responses = distribution.CustomErrorResponses;
    expect(responses.map(({ ErrorCode }) => ErrorCode)).toEqual([404, 414, 500, 501, 502, 503, 504]);
    for (const response of responses)
      expect(Object.keys(response)).toEqual(['ErrorCachingMinTTL', 'ErrorCode']);
    expect(new Set(responses.map(({ ErrorCachingMinTTL }) => ErrorCachingMinTTL))).toEqual(new Set([0]));
  });
});
