import { expect, it } from 'vitest';
import { propertiesOf, readable, resourcesOf, type StackTemplate, synthesize } from './synthesize.ts';

interface SourceProperties {
  FunctionName: unknown;
  ScalingConfig?: { MaximumConcurrency: number };
}
interface WarmThroughput {
  ReadUnitsPerSecond?: number;
  WriteUnitsPerSecond?: number;
}
interface TableProperties {
  WarmThroughput?: WarmThroughput;
  GlobalSecondaryIndexes: { WarmThroughput?: WarmThroughput }[];
}

/** How many invocations each queue's consumer may have at a time. */
function concurrency(template: StackTemplate): Record<string, number | undefined> {
  const sources = Object.values(resourcesOf<SourceProperties>(template, 'AWS::Lambda::EventSourceMapping'));
  return Object.fromEntries(
    sources.map(({ Properties: { FunctionName, ScalingConfig } }) => [
      readable(FunctionName),
      ScalingConfig?.MaximumConcurrency,
    ]),
  );
}

function waitingRequests(template: StackTemplate): number {
  const { Environment } = propertiesOf<{ Environment: { Variables: { WAITING_REQUESTS: string } } }>(
    template,
    'AWS::Lambda::Function',
    'ReadJob',
  );
  return Number(Environment.Variables.WAITING_REQUESTS);
}

it.each([
  { context: {}, expected: { Apply: 2, DeadLetter: 2, FinalizeJob: 2, RunFileJob: 2 } },
  {
    context: { applyConcurrency: '50' },
    expected: { Apply: 50, DeadLetter: 25, FinalizeJob: 25, RunFileJob: 5 },
  },
])('$context lets each queue have so many batches at a time: $expected', ({ context, expected }) => {
  expect(concurrency(synthesize(context))).toEqual(expected);
});

it('leaves an invocation for requests in a new account, which has ten, whatever queues and waiting clients take', () => {
  // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  const template = synthesize();
  const taken = Object.values(concurrency(template)).map((maximum) => maximum ?? Number.POSITIVE_INFINITY);
  expect([...taken, waitingRequests(template)].reduce((sum, one) => sum + one)).toBeLessThan(10);
  // Reserved concurrency fails to deploy there, as it leaves less than the minimum to the others.
  const functions = Object.values(resourcesOf<object>(template, 'AWS::Lambda::Function'));
  for (const { Properties } of functions)
    expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
});

it('requests wait for the end of a job as many as configured', () => {
  expect(waitingRequests(synthesize({ waitingRequests: '50' }))).toBe(50);
  expect(waitingRequests(synthesize({ waitingRequests: 0 }))).toBe(0);
});

it.each([
  [{}, undefined, undefined],
  [{ processWritesPerSecond: 20_000 }, { WriteUnitsPerSecond: 20_000 }, undefined],
  [
    {
      processWritesPerSecond: 20_000,
      processReadsPerSecond: 15_000,
      primaryKeyReadsPerSecond: 30_000,
      primaryKeyWritesPerSecond: 5_000,
    },
    { WriteUnitsPerSecond: 20_000, ReadUnitsPerSecond: 15_000 },
    { WriteUnitsPerSecond: 5_000, ReadUnitsPerSecond: 30_000 },
  ],
])('%j warms the table of processes and its index', (remembered, ofTable, ofIndex) => {
  const { WarmThroughput, GlobalSecondaryIndexes } = propertiesOf<TableProperties>(
    synthesize({}, remembered),
    'AWS::DynamoDB::GlobalTable',
    'StorageProcesses',
  );
  expect([WarmThroughput, GlobalSecondaryIndexes[0]?.WarmThroughput]).toEqual([ofTable, ofIndex]);
});

it('a web ACL is attached to the stage where one is named', () => {
  const webAclArn = 'arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/name/1a2b-3c';
  const associations = resourcesOf<{ WebACLArn: string; ResourceArn: unknown }>(
    synthesize({ webAclArn }),
    'AWS::WAFv2::WebACLAssociation',
  );
  expect(Object.values(associations).map(({ Properties }) => Properties.WebACLArn)).toEqual([webAclArn]);
  expect(resourcesOf(synthesize(), 'AWS::WAFv2::WebACLAssociation')).toEqual({});
});

it('requests a second are limited as configured, twice as many in a burst', () => {
  const limitsOf = (context: Record<string, unknown>) =>
    Object.values(
      resourcesOf<{ MethodSettings: { ThrottlingRateLimit: number; ThrottlingBurstLimit: number }[] }>(
        synthesize(context),
        'AWS::ApiGateway::Stage',
      ),
    ).map(
      ({
        Properties: {
          MethodSettings: [settings],
        },
      }) => [settings?.ThrottlingRateLimit, settings?.ThrottlingBurstLimit],
    );
  expect(limitsOf({})).toEqual([[100, 200]]);
  expect(limitsOf({ requestsPerSecond: '500' })).toEqual([[500, 1_000]]);
});

it('a wrong configuration is refused, every setting of it named', () => {
  expect(() =>
    synthesize({
      stage: 'a b',
      applyConcurrency: 'many',
      processWritesPerSecond: 1,
      webAclArn: 'none',
      logLevel: 'LOUD',
      logRetentionDays: 2,
      deletionProtection: 'perhaps',
      console: 'yes',
      domainName: 'https://x',
    }),
  ).toThrow(
    'Configuration: stage "a b" is not 1 to 40 of the characters A-Z, a-z, 0-9 and -; ' +
      'deletionProtection "perhaps" is neither true nor false; ' +
      'console "yes" is neither true nor false; ' +
      'logLevel "LOUD" is not one of DEBUG, INFO, WARN, ERROR; ' +
      'logRetentionDays 2 is not one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653; ' +
      'applyConcurrency "many" is not a whole number from 2 to 1000; ' +
      'processWritesPerSecond 1 is not a whole number from 4000 to 1000000; ' +
      'webAclArn "none" is not the ARN of a regional web ACL; ' +
      'domainName "https://x" is not a domain name',
  );
});

it('a setting that there is none of is refused, in the context of CDK itself it is not', () => {
  expect(() => synthesize({ aplyConcurrency: 50, applyConcurrency: 1 })).toThrow(
    'Configuration: aplyConcurrency is an unknown setting, the nearest is applyConcurrency; ' +
      'applyConcurrency 1 is not a whole number from 2 to 1000',
  );
  expect(() => synthesize({ 'processes-table': 'Crm', deletion_protection: true })).toThrow(
    'Configuration: processes-table is an unknown setting, the nearest is processesTable; ' +
      'deletion_protection is an unknown setting, the nearest is deletionProtection',
  );
  expect(() => synthesize({ 'acknowledged-issue-numbers': [1], 'vpc-provider:account=1': {} })).not.toThrow();
});

it('requests of each API key are limited where a limit is set, and answered with 429 in the envelope', () => {
  const template = synthesize({ requestsPerMinutePerKey: '600' });
  const [webAcl] = Object.values(
    resourcesOf<{ Rules: { Statement: object; Action: object }[] }>(template, 'AWS::WAFv2::WebACL'),
  );
  expect(webAcl?.Properties.Rules.map(({ Statement, Action }) => [Statement, Action])).toEqual([
    [
      {
        RateBasedStatement: {
          Limit: 600,
          EvaluationWindowSec: 60,
          AggregateKeyType: 'CUSTOM_KEYS',
          CustomKeys: [
            {
              Header: {
                Name: 'authorization',
                TextTransformations: [
                  { Priority: 0, Type: 'COMPRESS_WHITE_SPACE' },
                  { Priority: 1, Type: 'LOWERCASE' },
                ],
              },
            },
          ],
        },
      },
      { Block: {} },
    ],
  ]);
  expect(Object.keys(resourcesOf(template, 'AWS::WAFv2::WebACLAssociation'))).toHaveLength(1);
  const refusal = (of: typeof template) =>
    Object.values(
      resourcesOf<{
        ResponseType: string;
        StatusCode?: string;
        ResponseTemplates: Record<string, string>;
      }>(of, 'AWS::ApiGateway::GatewayResponse'),
    ).find(({ Properties }) => Properties.ResponseType === 'WAF_FILTERED')?.Properties;
  expect(refusal(template)?.StatusCode).toBe('429');
  expect(JSON.parse(refusal(template)?.ResponseTemplates['application/json'] ?? '')).toMatchObject({
    _data: null,
    _errors: [{ code: 'TOO_MANY_REQUESTS' }],
  });
  expect(refusal(synthesize())).toBeUndefined();
});

it('an existing table of processes is used by its name and index, and none is made', () => {
  const template = synthesize({}, { processesTable: 'Crm-Processes', processesIndex: 'ByKey' });
  const tables = resourcesOf<TableProperties>(template, 'AWS::DynamoDB::GlobalTable');
  expect(Object.keys(tables)).toEqual(['StorageJobs', 'StorageProcedures', 'StorageApiKeys']);
  const { Environment } = propertiesOf<{ Environment: { Variables: Record<string, unknown> } }>(
    template,
    'AWS::Lambda::Function',
    'Apply',
  );
  expect(Environment.Variables).toMatchObject({
    PROCESSES_TABLE: 'Crm-Processes',
    PRIMARY_KEY_INDEX: 'ByKey',
  });
  const policies = JSON.stringify(resourcesOf(template, 'AWS::IAM::Policy'));
  expect(policies).toContain(':table/Crm-Processes"');
  expect(policies).toContain(':table/Crm-Processes/index/ByKey"');
});

it('logs have the level and are kept as long as configured', () => {
  const of = (context: Record<string, unknown>) => {
    const template = synthesize(context);
    const { Environment } = propertiesOf<{ Environment: { Variables: Record<string, unknown> } }>(
      template,
      'AWS::Lambda::Function',
      'Accept',
    );
    const days = Object.values(resourcesOf<{ RetentionInDays: number }>(template, 'AWS::Logs::LogGroup')).map(
      ({ Properties }) => Properties.RetentionInDays,
    );
    return { level: Environment.Variables.POWERTOOLS_LOG_LEVEL, days: [...new Set(days)] };
  };
  expect(of({})).toEqual({ level: 'INFO', days: [30] });
  expect(of({ logLevel: 'WARN', logRetentionDays: '90' })).toEqual({ level: 'WARN', days: [90] });
});

it.each([
  { context: { stage: 'prod' }, isProtected: true },
  { context: { stage: 'prod', deletionProtection: 'false' }, isProtected: false },
  { context: { deletionProtection: true }, isProtected: true },
])('$context protects the tables: $isProtected', ({ context, isProtected }) => {
  const tables = Object.values(
    resourcesOf<{ Replicas: { DeletionProtectionEnabled: boolean }[] }>(
      synthesize(context),
      'AWS::DynamoDB::GlobalTable',
    ),
  );
  expect(new Set(tables.map(({ DeletionPolicy }) => DeletionPolicy))).toEqual(
    new Set([isProtected ? 'Retain' : 'Delete']),
  );
  expect(
    new Set(tables.map(({ Properties: { Replicas } }) => Replicas[0]?.DeletionProtectionEnabled)),
  ).toEqual(new Set([isProtected]));
});

it('a custom domain serves the API where one is named', () => {
  const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/1a2b-3c';
  const template = synthesize({}, { domainName: 'api.example.com', certificateArn });
  const domains = resourcesOf<object>(template, 'AWS::ApiGateway::DomainName');
  expect(Object.values(domains).map(({ Properties }) => Properties)).toMatchObject([
    { DomainName: 'api.example.com', RegionalCertificateArn: certificateArn, SecurityPolicy: 'TLS_1_2' },
  ]);
  expect(Object.keys(resourcesOf(template, 'AWS::ApiGateway::BasePathMapping'))).toHaveLength(1);
  expect(template.Outputs).toHaveProperty('DomainTarget');
});

it('settings that conflict are refused, all of them named', () => {
  expect(() =>
    synthesize(
      {
        webAclArn: 'arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/name/1a2b-3c',
        requestsPerMinutePerKey: 100,
        domainName: 'api.example.com',
      },
      { processesIndex: 'ByKey' },
    ),
  ).toThrow(
    'Configuration: processesIndex is set without processesTable, whose index it is; ' +
      'requestsPerMinutePerKey is set with webAclArn: an API has one web ACL, so put the limit into yours; ' +
      'domainName and certificateArn are set together or not at all',
  );
});
