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

it('a wrong configuration is refused, every setting of it named', () => {
  expect(() => synthesize({ stage: 'a b', applyConcurrency: 'many', processWritesPerSecond: 1 })).toThrow(
    'Configuration: stage "a b" is not 1 to 40 of the characters A-Z, a-z, 0-9 and -; ' +
      'applyConcurrency "many" is not a whole number from 2 to 1000; ' +
      'processWritesPerSecond 1 is not a whole number from 4000 to 1000000',
  );
});
