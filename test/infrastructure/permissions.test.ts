import { describe, expect, it } from 'vitest';
import { listOf, propertiesOf, readable, resourcesOf, synthesize } from './synthesize.ts';

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}
interface PolicyProperties {
  PolicyDocument: { Statement: Statement[] };
  Roles: unknown[];
}
interface RoleProperties {
  AssumeRolePolicyDocument: { Statement: { Principal: { Service?: string } }[] };
  ManagedPolicyArns?: unknown[];
  Policies?: unknown[];
}

const template = synthesize();
const functions = resourcesOf<{ Role: unknown }>(template, 'AWS::Lambda::Function');
const roles = resourcesOf<RoleProperties>(template, 'AWS::IAM::Role');
const policies = Object.values(resourcesOf<PolicyProperties>(template, 'AWS::IAM::Policy')).map(
  ({ Properties }) => Properties,
);

const TRACING = { '*': ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'] };
const logging = (name: string) => ({ [`${name}Log.Arn`]: ['logs:CreateLogStream', 'logs:PutLogEvents'] });
const FIND_PROCEDURE = {
  'StorageProcedures.Arn': ['dynamodb:GetItem'],
  'StorageProcedures.Arn/index/byId': ['dynamodb:Query'],
};

const READ_PROCESSES = {
  'StorageProcesses.Arn': ['dynamodb:BatchGetItem', 'dynamodb:GetItem'],
  'StorageProcesses.Arn/index/byPrimaryKey': ['dynamodb:Query'],
};
const SEND_UPDATES = {
  'WorkQueueUpdates.Arn': ['sqs:SendMessage'],
  'WorkQueueReminders.Arn': ['sqs:SendMessage'],
};
const CONSUME = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];

const FILES =
  'arn:AWS::Partition:s3:::bulk-update-files-AWS::StackId[2][0]-AWS::StackId[2][4]-AWS::AccountId';

/** All that each function may do: actions by resource. */
const PERMISSIONS: Record<string, Record<string, string[]>> = {
  Authorize: { 'StorageApiKeys.Arn': ['dynamodb:GetItem'] },
  Accept: {
    'StorageJobs.Arn': ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    ...FIND_PROCEDURE,
    ...READ_PROCESSES,
    ...SEND_UPDATES,
  },
  Apply: {
    'StorageJobs.Arn': ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    ...READ_PROCESSES,
    'StorageProcesses.Arn': [
      'dynamodb:BatchGetItem',
      'dynamodb:ConditionCheckItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
    ],
    // Copies of messages for later.
    'WorkQueueUpdates.Arn': [...CONSUME, 'sqs:SendMessage'].toSorted(),
    // Results that come late for a file job.
    'FileJobsSteps.Arn': ['sqs:SendMessage'],
  },
  DeadLetter: {
    'StorageJobs.Arn': ['dynamodb:PutItem'],
    ...READ_PROCESSES,
    'WorkQueueExhausted.Arn': CONSUME,
    'WorkQueueDeadLetters.Arn': ['sqs:SendMessage'],
  },
  FinalizeJob: {
    'StorageJobs.Arn': [
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ],
    ...READ_PROCESSES,
    // The next steps of jobs.
    'WorkQueueUpdates.Arn': ['sqs:SendMessage'],
    'WorkQueueReminders.Arn': CONSUME,
    'arn:AWS::Partition:events:AWS::Region:AWS::AccountId:event-bus/default': ['events:PutEvents'],
  },
  ReadJob: {
    'StorageJobs.Arn': ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    'StorageJobs.Arn/index/byTeam': ['dynamodb:Query'],
  },
  ReadEntries: { 'StorageJobs.Arn': ['dynamodb:GetItem', 'dynamodb:Query'] },
  ControlJob: {
    'StorageJobs.Arn': ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
    ...FIND_PROCEDURE,
    ...SEND_UPDATES,
    'FileJobsSteps.Arn': ['sqs:SendMessage'],
  },
  UndoJob: {
    'StorageJobs.Arn': ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
    // It writes no process, and puts no update into the queue: the job check releases the undo.
    ...READ_PROCESSES,
    'WorkQueueReminders.Arn': ['sqs:SendMessage'],
    'FileJobsSteps.Arn': ['sqs:SendMessage'],
  },
  FileJob: {
    'StorageJobs.Arn': [
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ],
    ...FIND_PROCEDURE,
    [FILES]: ['s3:ListBucket'],
    [`${FILES}/uploads/*`]: ['s3:GetObject', 's3:PutObject'],
    [`${FILES}/results/*`]: ['s3:GetObject'],
    'FileJobsSteps.Arn': ['sqs:SendMessage'],
  },
  RunFileJob: {
    'StorageJobs.Arn': [
      // Announcements of creates, and places among the team's file jobs.
      'dynamodb:DeleteItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ],
    ...FIND_PROCEDURE,
    'WorkQueueReminders.Arn': ['sqs:SendMessage'],
    'arn:AWS::Partition:events:AWS::Region:AWS::AccountId:event-bus/default': ['events:PutEvents'],
    [FILES]: ['s3:ListBucket'],
    [`${FILES}/uploads/*`]: ['s3:AbortMultipartUpload', 's3:GetObject'],
    [`${FILES}/chunks/*`]: ['s3:GetObject', 's3:PutObject'],
    [`${FILES}/results/*`]: ['s3:PutObject'],
    'FileJobsSteps.Arn': CONSUME,
  },
  ReadProcess: { ...READ_PROCESSES, ...FIND_PROCEDURE },
  ReadProcedure: { ...FIND_PROCEDURE, 'StorageProcedures.Arn': ['dynamodb:GetItem', 'dynamodb:Query'] },
  ReadApiKey: { 'StorageApiKeys.Arn': ['dynamodb:GetItem'] },
  Documentation: {},
};

function statementsOf(role: string): Statement[] {
  return policies
    .filter(({ Roles }) => Roles.some((name) => readable(name) === role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

function actionsByResource(statements: Statement[]): Record<string, string[]> {
  const pairs = statements.flatMap(({ Action, Resource }) =>
    listOf(Resource).map((resource) => [readable(resource), listOf(Action)] as const),
  );
  const byResource = Object.groupBy(pairs, ([resource]) => resource);
  return Object.fromEntries(
    Object.entries(byResource).map(([resource, grants = []]) => [
      resource,
      grants.flatMap(([, actions]) => actions).toSorted(),
    ]),
  );
}

describe('permissions', () => {
  it('are listed here for every function', () => {
    expect(Object.keys(functions).toSorted()).toEqual(Object.keys(PERMISSIONS).toSorted());
  });

  it.each(Object.entries(PERMISSIONS))('%s may do what its code does, and no more', (name, expected) => {
    const { Role } = propertiesOf<{ Role: unknown }>(template, 'AWS::Lambda::Function', name);
    expect(readable(Role)).toBe(`${name}Role.Arn`);
    const statements = statementsOf(`${name}Role`);
    expect(statements.map(({ Effect }) => Effect)).toEqual(statements.map(() => 'Allow'));
    expect(actionsByResource(statements)).toEqual({ ...TRACING, ...logging(name), ...expected });
  });

  it('ReadJob writes nothing but the places of waiting requests', () => {
    const writes = statementsOf('ReadJobRole').filter(({ Action }) =>
      /(Put|Delete|Update)Item/.test(listOf(Action).join()),
    );
    expect(writes.map(({ Action, Condition }) => [Action, Condition])).toEqual([
      [
        ['dynamodb:DeleteItem', 'dynamodb:PutItem'],
        { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['waiting#*'] } },
      ],
    ]);
  });

  it('FinalizeJob deletes nothing but announcements of creates', () => {
    const deletes = statementsOf('FinalizeJobRole').filter(({ Action }) =>
      listOf(Action).includes('dynamodb:DeleteItem'),
    );
    expect(deletes.map(({ Action, Condition }) => [Action, Condition])).toEqual([
      ['dynamodb:DeleteItem', { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['creates#*'] } }],
    ]);
  });

  it.each(Object.keys(PERMISSIONS))("only Lambda takes %s's role, which has no other policies", (name) => {
    const role = propertiesOf<RoleProperties>(template, 'AWS::IAM::Role', `${name}Role`);
    const principals = role.AssumeRolePolicyDocument.Statement.map(({ Principal }) => Principal);
    expect(principals).toEqual([{ Service: 'lambda.amazonaws.com' }]);
    expect(role.ManagedPolicyArns).toBeUndefined();
    expect(role.Policies).toBeUndefined();
  });

  it('no policy has a wildcard, but for traces and the files below a prefix', () => {
    const wildcards = policies
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .flatMap(({ Action, Resource }) => [...listOf(Action), ...listOf(Resource).map(readable)])
      .filter((text) => text.includes('*') && !text.startsWith(`${FILES}/`));
    expect(wildcards).toEqual(Object.keys(functions).map(() => '*'));
  });

  it('there is no other role than those and the one by which API Gateway logs', () => {
    const ofFunctions = Object.keys(functions).map((name) => `${name}Role`);
    expect(Object.keys(roles).toSorted()).toEqual([...ofFunctions, 'BulkApiCloudWatchRole'].toSorted());
    expect(roles.BulkApiCloudWatchRole?.Properties.ManagedPolicyArns?.map(readable)).toEqual([
      'arn:AWS::Partition:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    ]);
    expect(statementsOf('BulkApiCloudWatchRole')).toEqual([]);
  });

  it('only API Gateway invokes functions, and only from this API', () => {
    const invocations = Object.values(
      resourcesOf<{ Principal: string; Action: string; SourceArn?: unknown }>(
        template,
        'AWS::Lambda::Permission',
      ),
    );
    expect(invocations.length).toBeGreaterThan(0);
    for (const { Properties } of invocations) {
      expect(Properties).toMatchObject({
        Principal: 'apigateway.amazonaws.com',
        Action: 'lambda:InvokeFunction',
      });
      expect(readable(Properties.SourceArn)).toContain(':BulkApi/');
    }
  });
});
