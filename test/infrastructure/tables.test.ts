import { describe, expect, it } from 'vitest';
import { propertiesOf, readable, resourcesOf, synthesize } from './synthesize.ts';

interface TableProperties {
  BillingMode: string;
  KeySchema: unknown[];
  GlobalSecondaryIndexes?: { IndexName: string; KeySchema: unknown[]; Projection: unknown }[];
  TimeToLiveSpecification?: unknown;
  Replicas: {
    DeletionProtectionEnabled?: boolean;
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: boolean };
  }[];
}

const TYPE = 'AWS::DynamoDB::GlobalTable';
const template = synthesize();
const tables = resourcesOf<TableProperties>(template, TYPE);
const names = ['StorageApiKeys', 'StorageJobs', 'StorageProcedures', 'StorageProcesses'];

const hash = (AttributeName: string) => ({ AttributeName, KeyType: 'HASH' });
const range = (AttributeName: string) => ({ AttributeName, KeyType: 'RANGE' });

describe('tables', () => {
  it('are these, with these keys', () => {
    const keys = Object.entries(tables).map(([name, { Properties }]) => [name, Properties.KeySchema]);
    expect(Object.fromEntries(keys)).toEqual({
      StorageApiKeys: [hash('keyHash')],
      StorageJobs: [hash('jobId'), range('part')],
      StorageProcedures: [hash('team'), range('shortId')],
      StorageProcesses: [hash('id')],
    });
  });

  it.each(names)('%s is on demand and recovers to any point in time', (name) => {
    const { BillingMode, Replicas } = propertiesOf<TableProperties>(template, TYPE, name);
    expect(BillingMode).toBe('PAY_PER_REQUEST');
    expect(Replicas).toHaveLength(1);
    expect(Replicas[0]?.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
  });

  it('only jobs expire', () => {
    const expiring = Object.entries(tables).flatMap(([name, { Properties }]) =>
      Properties.TimeToLiveSpecification === undefined ? [] : [[name, Properties.TimeToLiveSpecification]],
    );
    expect(expiring).toEqual([['StorageJobs', { AttributeName: 'expiresAt', Enabled: true }]]);
  });

  it('processes are found by primary key in an index of keys alone', () => {
    const { GlobalSecondaryIndexes } = propertiesOf<TableProperties>(template, TYPE, 'StorageProcesses');
    expect(GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'byPrimaryKey',
        KeySchema: [hash('team'), hash('procedure'), hash('primaryKey')],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
  });

  it("a team's jobs are found in their order of acceptance in an index of keys alone", () => {
    const { GlobalSecondaryIndexes } = propertiesOf<TableProperties>(template, TYPE, 'StorageJobs');
    expect(GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'byTeam',
        KeySchema: [hash('team'), range('sequence')],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
  });

  it('procedures are found by id in an index of whole items', () => {
    const { GlobalSecondaryIndexes } = propertiesOf<TableProperties>(template, TYPE, 'StorageProcedures');
    expect(GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'byId',
        KeySchema: [hash('team'), range('id')],
        Projection: { ProjectionType: 'ALL' },
      },
    ]);
  });

  it.each([
    ['prod', { policy: 'Retain', isProtected: true }],
    ['staging', { policy: 'Retain', isProtected: true }],
    ['dev', { policy: 'Delete', isProtected: false }],
    ['of-somebody', { policy: 'Retain', isProtected: true }],
    ['local', { policy: 'Delete', isProtected: false }],
    [undefined, { policy: 'Delete', isProtected: false }],
  ])(
    'of the stage %s outlive the stack unless its settings say otherwise',
    (stage, { policy, isProtected }) => {
      const template = synthesize(
        stage === undefined ? {} : { stage },
        stage === 'of-somebody' ? {} : undefined,
      );
      const ofStage = resourcesOf<TableProperties>(template, TYPE);
      expect(Object.keys(ofStage).toSorted()).toEqual(names);
      for (const { DeletionPolicy, UpdateReplacePolicy, Properties } of Object.values(ofStage)) {
        expect(DeletionPolicy).toBe(policy);
        expect(UpdateReplacePolicy).toBe(policy);
        expect(Properties.Replicas[0]?.DeletionProtectionEnabled ?? false).toBe(isProtected);
      }
    },
  );
});

describe('outputs', () => {
  it('tell what a client and an operator need', () => {
    const values = Object.entries(template.Outputs).map(([name, { Value }]) => [name, readable(Value)]);
    expect(Object.fromEntries(values)).toEqual({
      ApiUrl: 'https://BulkApi.execute-api.AWS::Region.AWS::URLSuffix/BulkApiDeploymentStagelive/',
      DocumentationUrl:
        'https://BulkApi.execute-api.AWS::Region.AWS::URLSuffix/BulkApiDeploymentStagelive/docs',
      ApiKeysTable: 'StorageApiKeys',
      FilesBucket: 'bulk-update-files-AWS::StackId[2][0]-AWS::StackId[2][4]-AWS::AccountId',
      JobsTable: 'StorageJobs',
      ProceduresTable: 'StorageProcedures',
      ProcessesTable: 'StorageProcesses',
      UpdateQueueUrl: 'WorkQueueUpdates',
      DeadLetterQueueUrl: 'WorkQueueDeadLetters',
    });
  });

  it('each say what they are', () => {
    for (const { Description } of Object.values(template.Outputs)) expect(Description).toMatch(/\w/);
  });
});
