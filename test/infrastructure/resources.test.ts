import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SETTING_NAMES } from '../../lib/infrastructure/configuration.ts';
import { changeOf, faultsOf } from './resource-schemas.ts';
import { type Remembered, type StackTemplate, synthesize } from './synthesize.ts';

type SettingName = (typeof SETTING_NAMES)[number];

const ARN = 'eu-central-1:123456789012';

/** Another value than the default of each setting, with what has to stand beside it. */
const CHANGED: Record<SettingName, Remembered> = {
  deletionProtection: { deletionProtection: false },
  processesTable: { processesTable: 'Crm-Processes' },
  processesIndex: { processesTable: 'Crm-Processes', processesIndex: 'ByKey' },
  applyConcurrency: { applyConcurrency: 50 },
  waitingRequests: { waitingRequests: 50 },
  fileChunksInFlight: { fileChunksInFlight: 5 },
  undo: { undo: false },
  processWritesPerSecond: { processWritesPerSecond: 14_000 },
  processReadsPerSecond: { processReadsPerSecond: 20_000 },
  primaryKeyReadsPerSecond: { primaryKeyReadsPerSecond: 20_000 },
  primaryKeyWritesPerSecond: { primaryKeyWritesPerSecond: 14_000 },
  requestsPerSecond: { requestsPerSecond: 500 },
  requestsPerMinutePerKey: { requestsPerMinutePerKey: 600 },
  logLevel: { logLevel: 'WARN' },
  logRetentionDays: { logRetentionDays: 90 },
  alarmTopicArn: { alarmTopicArn: `arn:aws:sns:${ARN}:alarms` },
  apiGatewayLogRole: { apiGatewayLogRole: false },
  webAclArn: { webAclArn: `arn:aws:wafv2:${ARN}:regional/webacl/name/1a2b-3c` },
  console: { console: true },
  domainName: { domainName: 'api.example.com', certificateArn: `arn:aws:acm:${ARN}:certificate/1a2b-3c` },
  certificateArn: { domainName: 'api.example.com', certificateArn: `arn:aws:acm:${ARN}:certificate/1a2b-3c` },
};

/** Settings that cannot stand beside others. */
const CONFLICTING: SettingName[] = ['processesTable', 'processesIndex', 'webAclArn'];

const base = synthesize({}, {});
const changed = new Map(
  SETTING_NAMES.map((name) => [name, synthesize({}, CHANGED[name])] as [SettingName, StackTemplate]),
);

function together(names: readonly SettingName[]): Remembered {
  return Object.assign({}, ...names.map((name) => CHANGED[name]));
}

/** Where data and the API's address are. */
const LASTING = [
  'AWS::DynamoDB::GlobalTable',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::ApiGateway::RestApi',
];

/** The logical ids of what lasts in the stacks that are deployed: another id is another, empty resource. */
const DEPLOYED = [
  'BulkApi361773BA',
  'FileJobsBucketB2F2187E',
  'FileJobsSteps66397A51',
  'StorageApiKeys7B037C32',
  'StorageJobs4C7573CB',
  'StorageProcedures84F77EAB',
  'StorageProcesses386B9512',
  'WorkQueueDeadLettersB76E31B9',
  'WorkQueueExhausted48EC253E',
  'WorkQueueReminders1F359F69',
  'WorkQueueUpdatesF0D85CA8',
];

const lastingIds = ({ Resources }: StackTemplate) =>
  Object.keys(Resources).filter((id) => LASTING.includes(Resources[id]?.Type ?? ''));

type Effect = 'adds' | 'removes' | 'changes' | 'replaces';

/** What becomes of the resources when one template is deployed over another, by type. */
function effects(before: StackTemplate, after: StackTemplate): Map<Effect, Set<string>> {
  const of = new Map<Effect, Set<string>>();
  const note = (effect: Effect, type: string) =>
    of.set(effect, (of.get(effect) ?? new Set()).add(type.replace(/^AWS::/, '')));
  for (const [id, { Type, Properties = {} }] of Object.entries(before.Resources)) {
    const now = after.Resources[id];
    if (now === undefined) {
      // Its id tells what is deployed: of another configuration there is another.
      const isAnew = Type === 'AWS::ApiGateway::Deployment';
      note(isAnew ? 'replaces' : 'removes', Type);
      continue;
    }
    const change = changeOf(Type, Properties, now.Properties ?? {});
    if (change !== 'none') note(change === 'replaced' ? 'replaces' : 'changes', Type);
    if (now.DeletionPolicy !== before.Resources[id]?.DeletionPolicy) note('changes', Type);
  }
  for (const [id, { Type }] of Object.entries(after.Resources)) {
    if (before.Resources[id] === undefined && Type !== 'AWS::ApiGateway::Deployment') note('adds', Type);
  }
  return of;
}

describe("AWS's schemas", () => {
  it('accept the template as it is by default', () => {
    expect(faultsOf(base)).toEqual([]);
  });

  it.each(SETTING_NAMES)('accept the template with another %s', (name) => {
    expect(faultsOf(changed.get(name) as StackTemplate)).toEqual([]);
  });

  it('accept the template with all settings that go together', () => {
    const all = SETTING_NAMES.filter((name) => !CONFLICTING.includes(name));
    const others = SETTING_NAMES.filter(
      (name) => !/PerSecond$|PerKey$/.test(name) || name === 'requestsPerSecond',
    );
    expect(new Set([...all, ...others])).toEqual(new Set(SETTING_NAMES));
    expect(faultsOf(synthesize({}, together(all)))).toEqual([]);
    expect(faultsOf(synthesize({}, together(others)))).toEqual([]);
  });

  it.each([
    [
      'an unknown property',
      { Type: 'AWS::SQS::Queue', Properties: { Retention: 1 } },
      'Broken.Retention is unknown',
    ],
    [
      'a wrong type',
      { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: '1' } },
      'Broken.DelaySeconds is not of type integer',
    ],
    [
      'a missing property',
      { Type: 'AWS::WAFv2::WebACLAssociation', Properties: { WebACLArn: 'a' } },
      'Broken.ResourceArn is missing',
    ],
    [
      'a value that is not allowed, deep inside',
      {
        Type: 'AWS::WAFv2::WebACL',
        Properties: {
          DefaultAction: { Allow: {} },
          Scope: 'LOCAL',
          VisibilityConfig: { CloudWatchMetricsEnabled: true, SampledRequestsEnabled: true, MetricName: 1 },
        },
      },
      'Broken.VisibilityConfig.MetricName is not of type string',
    ],
    [
      'a type that there is none of',
      { Type: 'AWS::SQS::Stack', Properties: {} },
      'no resource type AWS::SQS::Stack',
    ],
    [
      'a reference to nothing',
      { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Nothing' } } },
      'Broken refers to Nothing, which is not there',
    ],
    [
      'an attribute that a resource has not',
      { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::GetAtt': ['Broken', 'Colour'] } } },
      'Broken asks Broken for Colour, which it has not',
    ],
  ])('refuse %s', (_what, resource, fault) => {
    expect(faultsOf({ Resources: { Broken: resource }, Outputs: {} }).join('; ')).toContain(fault);
  });
});

describe('a deployed stack', () => {
  it('keeps its tables, bucket, queues and API under their ids', () => {
    expect(lastingIds(base).toSorted()).toEqual(DEPLOYED);
  });

  it.each(SETTING_NAMES)('keeps them, and their data, when %s changes', (name) => {
    const after = changed.get(name) as StackTemplate;
    const gone = lastingIds(base).filter((id) => {
      const [before, now] = [base.Resources[id], after.Resources[id]];
      if (before === undefined || now === undefined) return true;
      return changeOf(before.Type, before.Properties, now.Properties) === 'replaced';
    });
    // Refused unless the stage's file remembers it, and the table outlives that where the stage is protected.
    const isTable = name === 'processesTable' || name === 'processesIndex';
    expect(gone).toEqual(isTable ? ['StorageProcesses386B9512'] : []);
  });

  it('would lose them by other keys or names, which a change of settings never makes', () => {
    const keySchema = (key: string) => ({ KeySchema: [{ AttributeName: key, KeyType: 'HASH' }] });
    expect(changeOf('AWS::DynamoDB::GlobalTable', keySchema('id'), keySchema('key'))).toBe('replaced');
    expect(changeOf('AWS::SQS::Queue', {}, { QueueName: 'updates' })).toBe('replaced');
    expect(changeOf('AWS::SQS::Queue', {}, { DelaySeconds: 1 })).toBe('changed');
    // From the edge to the region, as deployed stacks do, and another name.
    const api = (Name: string, types: string[]) => ({ Name, EndpointConfiguration: { Types: types } });
    expect(changeOf('AWS::ApiGateway::RestApi', api('one', ['EDGE']), api('two', ['REGIONAL']))).toBe(
      'changed',
    );
  });
});

describe('the table of settings in docs/operators.md', () => {
  const operators = readFileSync(new URL('../../docs/operators.md', import.meta.url), 'utf8');

  it('names every setting with its meaning', () => {
    const missing = SETTING_NAMES.filter(
      (name) => !new RegExp(`^\\| [^|]*\`${name}\`[^|]* \\|`, 'm').test(operators),
    );
    expect(missing).toEqual([]);
  });

  it.each(SETTING_NAMES)('tells what a change of %s does', (name) => {
    const of = effects(base, changed.get(name) as StackTemplate);
    const cell = (effect: Effect) => [...(of.get(effect) ?? [])].toSorted().join(', ');
    const row = `| \`${name}\` | ${cell('changes')} | ${cell('replaces')} | ${cell('adds')} | ${cell('removes')} |`;
    expect(
      operators
        .split('\n')
        .find((line) => line.startsWith(`| \`${name}\` |`) && line.split('|').length === 7),
    ).toBe(row);
  });
});
