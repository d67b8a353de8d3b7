import { expect, it } from 'vitest';
import { propertiesOf, readable, resourcesOf, synthesize } from './synthesize.ts';

interface SourceProperties {
  FunctionName: unknown;
  ScalingConfig?: { MaximumConcurrency: number };
}
interface TableProperties {
  WarmThroughput?: { WriteUnitsPerSecond: number };
}

it.each([
  { context: {}, concurrency: 10, warm: undefined },
  {
    context: { applyConcurrency: '50', processWritesPerSecond: 20_000 },
    concurrency: 50,
    warm: { WriteUnitsPerSecond: 20_000 },
  },
])('$context lets $concurrency batches be applied at a time', ({ context, concurrency, warm }) => {
  const template = synthesize(context);
  const sources = Object.values(resourcesOf<SourceProperties>(template, 'AWS::Lambda::EventSourceMapping'));
  const apply = sources.find(({ Properties }) => readable(Properties.FunctionName) === 'Apply');
  expect(apply?.Properties.ScalingConfig?.MaximumConcurrency).toBe(concurrency);
  const table = propertiesOf<TableProperties>(template, 'AWS::DynamoDB::GlobalTable', 'StorageProcesses');
  expect(table.WarmThroughput).toEqual(warm);
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
    synthesize({ stage: 'a b', applyConcurrency: 'many', processWritesPerSecond: 1, webAclArn: 'none' }),
  ).toThrow(
    'Configuration: stage "a b" is not 1 to 40 of the characters A-Z, a-z, 0-9 and -; ' +
      'applyConcurrency "many" is not a whole number from 2 to 1000; ' +
      'processWritesPerSecond 1 is not a whole number from 4000 to 1000000; ' +
      'webAclArn "none" is not the ARN of a regional web ACL',
  );
});
