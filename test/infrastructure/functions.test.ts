import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { APPLY_LIMIT_MS } from '../../lambdas/contract/limits.ts';
import { FINALIZE_LIMIT_MS } from '../../lambdas/domain/job.ts';
import { propertiesOf, readable, resourcesOf, synthesize } from './synthesize.ts';

interface FunctionProperties {
  Runtime: string;
  Architectures: string[];
  Timeout: number;
  MemorySize: number;
  TracingConfig: { Mode: string };
  LoggingConfig: { LogGroup: unknown };
  Environment: { Variables: Record<string, unknown> };
}

const template = synthesize();

/** Logical ids in the stacks that are deployed. Another one would delete the log of a month, and start a new one. */
const DEPLOYED = [
  'Accept13FB13C2',
  'AcceptLog1A646994',
  'Apply1468A300',
  'ApplyLog32095A9F',
  'AuthorizeD8507075',
  'AuthorizeLog069F59FD',
  'ControlJob9CD92DAC',
  'ControlJobLogAC632A89',
  'DeadLetter70818289',
  'DeadLetterLogAB7F4850',
  'Documentation8F6743F0',
  'DocumentationLog41BAEDB7',
  'FinalizeJob33E508BC',
  'FinalizeJobLogF1096DF9',
  'ReadEntriesD38BB4A0',
  'ReadEntriesLog10E28A73',
  'ReadJob712618F4',
  'ReadJobLog2B4E412B',
  'ReadProcedureFB175747',
  'ReadProcedureLog9220FC80',
  'ReadProcess6BC3A236',
  'ReadProcessLog42E38258',
];
const functions = resourcesOf<FunctionProperties>(template, 'AWS::Lambda::Function');
const lambdas = new URL('../../lambdas/', import.meta.url);
const entries = readdirSync(lambdas)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''));

/** What the stack sets each variable to, in whichever function asks for it. */
const VALUES: Record<string, string> = {
  API_KEYS_TABLE: 'StorageApiKeys',
  JOBS_TABLE: 'StorageJobs',
  PROCEDURES_TABLE: 'StorageProcedures',
  PROCESSES_TABLE: 'StorageProcesses',
  PRIMARY_KEY_INDEX: 'byPrimaryKey',
  UPDATE_QUEUE_URL: 'WorkQueueUpdates',
  JOB_CHECK_QUEUE_URL: 'WorkQueueReminders',
  DEAD_LETTER_QUEUE_URL: 'WorkQueueDeadLetters',
  FILES_BUCKET: 'bulk-update-files-AWS::StackId[2][0]-AWS::StackId[2][4]-AWS::AccountId',
  FILE_STEPS_QUEUE_URL: 'FileJobsSteps',
  FILE_CHUNKS_IN_FLIGHT: '20',
  MAX_RECEIVE_COUNT: '10',
  UNDO: 'true',
  WAITING_REQUESTS: '1',
  STAGE: 'dev',
};

/** `read-job` is the entry of the function `ReadJob`. */
function functionName(entry: string): string {
  return entry.replace(/(^|-)(\w)/g, (_match, _dash, letter: string) => letter.toUpperCase());
}

/** The variables that the source of an entry passes to `readEnvironment`. */
function variablesReadBy(entry: string): string[] {
  const source = readFileSync(new URL(`${entry}.ts`, lambdas), 'utf8');
  const calls = [...source.matchAll(/\breadEnvironment\(([^)]*)\)/g)];
  return calls.flatMap(([, names = '']) => [...names.matchAll(/'(\w+)'/g)].flatMap(([, name]) => name ?? []));
}

describe('functions', () => {
  it('are one for each file of lambdas/', () => {
    expect(Object.keys(functions).toSorted()).toEqual(entries.map(functionName).toSorted());
  });

  it.each(entries)('%s gets exactly the variables it reads', (entry) => {
    const { Environment } = propertiesOf<FunctionProperties>(
      template,
      'AWS::Lambda::Function',
      functionName(entry),
    );
    const names = variablesReadBy(entry);
    if (entry !== 'documentation') expect(names).not.toEqual([]);
    const actual = Object.entries(Environment.Variables).map(([name, value]) => [name, readable(value)]);
    expect(Object.fromEntries(actual)).toEqual({
      ...Object.fromEntries(names.map((name) => [name, VALUES[name]])),
      POWERTOOLS_LOG_LEVEL: 'INFO',
      // Tells the stages' logs and metrics apart.
      POWERTOOLS_SERVICE_NAME: 'BulkUpdate-dev',
    });
  });

  it.each(Object.entries(functions))('%s runs on Node.js 24 and arm64, traced', (_name, { Properties }) => {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
    });
  });

  it.each(Object.entries(functions))('%s logs to a group of its own for a month', (name, { Properties }) => {
    expect(readable(Properties.LoggingConfig.LogGroup)).toBe(`${name}Log`);
    expect(propertiesOf(template, 'AWS::Logs::LogGroup', `${name}Log`)).toMatchObject({
      RetentionInDays: 30,
    });
  });

  it('behind the API end before API Gateway gives up after 29 seconds', () => {
    const {
      Apply: _apply,
      DeadLetter: _deadLetter,
      FinalizeJob: _finalizeJob,
      RunFileJob: _runFileJob,
      ...behindApi
    } = functions;
    for (const { Properties } of Object.values(behindApi)) expect(Properties.Timeout).toBeLessThan(29);
  });

  it('that record results end as soon as those who wait for them count on', () => {
    const { Apply, FinalizeJob } = functions;
    expect(Apply?.Properties.Timeout).toBe(APPLY_LIMIT_MS / 1000);
    expect(FinalizeJob?.Properties.Timeout).toBe(FINALIZE_LIMIT_MS / 1000);
  });

  it('keep their logical ids, and so have their logs', () => {
    expect(Object.keys(template.Resources)).toEqual(expect.arrayContaining(DEPLOYED));
  });

  it('accept and run-file-job have a whole virtual CPU', () => {
    expect(functions.Accept?.Properties.MemorySize).toBe(1769);
    expect(functions.RunFileJob?.Properties.MemorySize).toBe(1769);
  });
});

const dependenciesOf = (name: string) =>
  functions[name]?.DependsOn?.map((id) => id.replace(/[0-9A-F]{8}$/, ''));

it('an update rolls out the reader of the queue before those that write to it', () => {
  for (const sender of ['Accept', 'ControlJob', 'FinalizeJob'])
    expect(dependenciesOf(sender)).toContain('Apply');
});

it('an update rolls out what takes file steps before what sends them, and what ends chunks before both', () => {
  expect(dependenciesOf('RunFileJob')).toContain('FinalizeJob');
  expect(dependenciesOf('FileJob')).toContain('RunFileJob');
});

it('an update rolls out what releases undos before what accepts them', () => {
  expect(dependenciesOf('UndoJob')).toContain('FinalizeJob');
});

it('a stack without undo keeps nothing to undo jobs with', () => {
  const without = synthesize({}, { undo: false });
  const variables = Object.entries(resourcesOf<FunctionProperties>(without, 'AWS::Lambda::Function')).flatMap(
    ([name, { Properties }]) => {
      const { UNDO } = Properties.Environment.Variables;
      return UNDO === undefined ? [] : [[name, UNDO]];
    },
  );
  expect(variables).toEqual([['Apply', 'false']]);
});
