import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { propertiesOf, readable, resourcesOf, type StackTemplate, synthesize } from './synthesize.ts';

/** What several stacks of one account must not fight over. */

const read = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
const ofStages = ['dev', 'prod'].map((stage) => synthesize({ stage }));
const withConsole = synthesize({ console: true });

describe('feature flags of CDK', () => {
  const { context } = read('cdk.json') as { context: Record<string, unknown> };
  const recommended = read('node_modules/aws-cdk-lib/recommended-feature-flags.json') as Record<
    string,
    unknown
  >;

  it('are all set, so that a newer CDK changes nothing by itself', () => {
    expect(Object.keys(recommended).filter((flag) => !(flag in context))).toEqual([]);
  });

  it('are as recommended, but for these, which docs/decisions explains', () => {
    const others = Object.keys(context).filter(
      (flag) => JSON.stringify(context[flag]) !== JSON.stringify(recommended[flag]),
    );
    expect(others).toEqual([
      '@aws-cdk/core:enableAdditionalMetadataCollection',
      '@aws-cdk/core:target-partitions',
    ]);
    const decisions = readFileSync(
      new URL('../../docs/decisions/0080-all-feature-flags-of-cdk-are-set.md', import.meta.url),
      'utf8',
    );
    expect(others.filter((flag) => !decisions.includes(flag.replace('@aws-cdk/core:', '')))).toEqual([]);
  });
});

describe('the API', () => {
  interface ApiProperties {
    Name: string;
    EndpointConfiguration: unknown;
  }
  interface AlarmProperties {
    Namespace?: string;
    Dimensions?: { Name: string; Value: unknown }[];
  }
  const apiOf = (template: StackTemplate) =>
    propertiesOf<ApiProperties>(template, 'AWS::ApiGateway::RestApi', 'BulkApi');

  it('is regional', () => {
    expect(ofStages.map((template) => apiOf(template).EndpointConfiguration)).toEqual([
      { Types: ['REGIONAL'] },
      { Types: ['REGIONAL'] },
    ]);
  });

  it("has the stage in its name, by which alarms tell one stage's requests from another's", () => {
    const names = ofStages.map((template) => apiOf(template).Name);
    expect(names).toEqual(['BulkUpdate-dev', 'BulkUpdate-prod']);
    for (const [index, template] of ofStages.entries()) {
      const alarms = Object.values(resourcesOf<AlarmProperties>(template, 'AWS::CloudWatch::Alarm'));
      const ofApi = alarms.filter(({ Properties }) => Properties.Namespace === 'AWS/ApiGateway');
      expect(ofApi.map(({ Properties }) => Properties.Dimensions)).toEqual([
        [{ Name: 'ApiName', Value: names[index] }],
      ]);
    }
  });

  it('is the same resource whatever its name is', () => {
    const ids = ofStages.map(({ Resources }) =>
      Object.keys(Resources).filter((id) => Resources[id]?.Type === 'AWS::ApiGateway::RestApi'),
    );
    expect(ids).toEqual([['BulkApi361773BA'], ['BulkApi361773BA']]);
  });
});

it("the stages' web ACLs have metrics of their own", () => {
  interface WebAclProperties {
    VisibilityConfig: { MetricName: string };
    Rules: { VisibilityConfig: { MetricName: string } }[];
  }
  const names = ['dev', 'prod'].flatMap((stage) =>
    Object.values(
      resourcesOf<WebAclProperties>(synthesize({ stage, requestsPerMinutePerKey: 60 }), 'AWS::WAFv2::WebACL'),
    ).flatMap(({ Properties }) => [
      Properties.VisibilityConfig.MetricName,
      ...Properties.Rules.map(({ VisibilityConfig }) => VisibilityConfig.MetricName),
    ]),
  );
  expect(names).toEqual([
    'BulkUpdate-dev',
    'BulkUpdate-dev-RequestsOfKey',
    'BulkUpdate-prod',
    'BulkUpdate-prod-RequestsOfKey',
  ]);
});

describe('the role by which API Gateway logs, of which an account has one', () => {
  const roleOf = ({ Resources }: StackTemplate) =>
    Object.entries(Resources).filter(
      ([id, { Type }]) => Type === 'AWS::ApiGateway::Account' || id.startsWith('BulkApiCloudWatchRole'),
    );

  it('stays when a stage is taken down', () => {
    const parts = roleOf(synthesize());
    expect(parts.map(([, { Type }]) => Type).toSorted()).toEqual([
      'AWS::ApiGateway::Account',
      'AWS::IAM::Role',
    ]);
    for (const [, part] of parts) {
      expect([part.DeletionPolicy, part.UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
    }
  });

  it('is there before the stage, which cannot log without one', () => {
    const stage = resourcesOf(synthesize(), 'AWS::ApiGateway::Stage').BulkApiDeploymentStagelive;
    expect(stage?.DependsOn).toContainEqual(expect.stringMatching(/^BulkApiAccount/));
  });

  it('is left alone where the account has its own', () => {
    expect(roleOf(synthesize({ apiGatewayLogRole: 'false' }))).toEqual([]);
  });
});

it('every log group is of the stack, with retention, and goes with it', () => {
  const groups = resourcesOf<{ RetentionInDays: number }>(withConsole, 'AWS::Logs::LogGroup');
  for (const { Properties, DeletionPolicy } of Object.values(groups)) {
    expect([Properties.RetentionInDays, DeletionPolicy]).toEqual([30, 'Delete']);
  }
  // The service makes a group of its own for each stage that has an execution log.
  const stages = resourcesOf<{ MethodSettings: { LoggingLevel: string }[] }>(
    withConsole,
    'AWS::ApiGateway::Stage',
  );
  const levels = Object.values(stages).flatMap(({ Properties }) => Properties.MethodSettings);
  expect(levels.map(({ LoggingLevel }) => LoggingLevel)).toEqual(['OFF']);
});

it('what CloudFront names in the whole account differs by stack, the same stage in another region included', () => {
  const names = Object.values(withConsole.Resources)
    .filter(({ Type }) => Type.startsWith('AWS::CloudFront::') && Type !== 'AWS::CloudFront::Distribution')
    .map(({ Type, Properties }) => {
      const [config] = Object.values(Properties as Record<string, { Name: unknown }>);
      return [Type, readable(config?.Name)];
    });
  // The last part of the UUID in `arn:aws:cloudformation:region:account:stack/name/uuid`.
  const name = 'AWS::StackName-AWS::StackId[2][4]';
  expect(Object.fromEntries(names)).toEqual({
    'AWS::CloudFront::OriginAccessControl': name,
    'AWS::CloudFront::ResponseHeadersPolicy': name,
  });
  // An origin access control's name has 64 characters at most: the longest stack's name, and twelve.
  expect(`BulkUpdate-${'s'.repeat(40)}-${'0'.repeat(12)}`.length).toBeLessThanOrEqual(64);
});

it('nothing else has a name of its own, which a second stack could not take', () => {
  const NAME = /^(Table|Queue|Function|Role|LogGroup|Dashboard|Alarm|Bucket|Topic|WebACL)?Name$/;
  const named = Object.values(withConsole.Resources).flatMap(({ Type, Properties = {} }) =>
    Object.entries(Properties)
      .filter(([property, value]) => NAME.test(property) && typeof value === 'string')
      .map(([property]) => `${Type} ${property}`),
  );
  // An authorizer's name is its API's, and a domain is the operator's.
  expect([...new Set(named)].toSorted()).toEqual([
    'AWS::ApiGateway::Authorizer Name',
    'AWS::ApiGateway::RestApi Name',
  ]);
});
