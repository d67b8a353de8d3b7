import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readStageSettings } from '../../lib/infrastructure/stage-settings.ts';
import { propertiesOf, type Remembered, resourcesOf, type StackTemplate, synthesize } from './synthesize.ts';

type Context = Record<string, unknown>;

/** Why a deployment is refused. */
function refusal(context: Context, remembered?: Remembered): string {
  try {
    synthesize(context, remembered);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`${JSON.stringify(context)} is not refused`);
}

/** The settings that a refusal tells to put into the file. */
function remedyOf(message: string): Remembered {
  const entries = [...message.matchAll(/[Pp]ut ("\w+": (?:"[^"]*"|\d+)) there/g)].map(([, entry]) => entry);
  expect(entries).not.toEqual([]);
  return JSON.parse(`{${entries.join()}}`);
}

const processes = (template: StackTemplate) =>
  propertiesOf<{ Environment: { Variables: { PROCESSES_TABLE: unknown } } }>(
    template,
    'AWS::Lambda::Function',
    'Apply',
  ).Environment.Variables.PROCESSES_TABLE;

describe('the file of a stage', () => {
  const directory = new URL('../../settings/', import.meta.url);
  const stages = readdirSync(directory).map((name) => basename(name, '.json'));

  it('is there for the stages that the documents name', () => {
    expect(stages.toSorted()).toEqual(['dev', 'local', 'prod', 'staging']);
  });

  it.each(stages)('of %s is right', (stage) => {
    expect(() => synthesize({ stage })).not.toThrow();
  });

  it('holds settings, over which go those of the command line', () => {
    const rates = (context: Context) =>
      Object.values(
        resourcesOf<{ MethodSettings: { ThrottlingRateLimit: number }[] }>(
          synthesize(context, { requestsPerSecond: 300, logLevel: 'WARN' }),
          'AWS::ApiGateway::Stage',
        ),
      ).map(({ Properties }) => Properties.MethodSettings[0]?.ThrottlingRateLimit);
    expect(rates({})).toEqual([300]);
    expect(rates({ requestsPerSecond: '500' })).toEqual([500]);
  });

  it('is told to be wrong by its name, all of it at once', () => {
    expect(
      refusal(
        { stage: 'prod', logLevel: 'LOUD' },
        { aplyConcurrency: 5, waitingRequests: 'many', stage: 'dev' },
      ),
    ).toBe(
      'Configuration: logLevel "LOUD" is not one of DEBUG, INFO, WARN, ERROR; ' +
        'settings/prod.json: aplyConcurrency is an unknown setting, the nearest is applyConcurrency; ' +
        'settings/prod.json: stage is an unknown setting; docs/operators.md lists them; ' +
        'settings/prod.json: waitingRequests "many" is not a whole number from 0 to 1000',
    );
  });
});

describe('a stage without a file', () => {
  it('is refused with the nearest one, which works', () => {
    const message = refusal({ stage: 'prodd' });
    expect(message).toBe(
      'Configuration: stage "prodd" has no settings, the nearest is prod. For a new stage write settings/prodd.json: ' +
        '{"deletionProtection": true} if its tables stay and refuse deletion, false if they go with the stack; and what earlier deployments named by -c',
    );
    const [, nearest] = /the nearest is (\w+)\./.exec(message) ?? [];
    expect(() => synthesize({ stage: nearest })).not.toThrow();
  });

  it('is a protected one once it has {}', () => {
    const tables = Object.values(
      resourcesOf(synthesize({ stage: 'prodd' }, {}), 'AWS::DynamoDB::GlobalTable'),
    );
    expect(new Set(tables.map(({ DeletionPolicy }) => DeletionPolicy))).toEqual(new Set(['Retain']));
  });
});

describe('what a deployment must not forget', () => {
  it('a table of processes is refused where the next deployment would not find it, and taken where it would', () => {
    const context = { stage: 'prod', processesTable: 'Crm', processesIndex: 'ByKey' };
    const message = refusal(context);
    expect(message).toContain(
      'processesTable is not in settings/prod.json: a deployment that forgets it makes a new, empty table. ' +
        'Put "processesTable": "Crm" there',
    );
    const remedy = remedyOf(message);
    expect(remedy).toEqual({ processesTable: 'Crm', processesIndex: 'ByKey' });
    expect(processes(synthesize(context, remedy))).toBe('Crm');
    // What the next deployment says nothing of.
    expect(processes(synthesize({ stage: 'prod' }, remedy))).toBe('Crm');
  });

  it('a domain is refused and taken alike', () => {
    const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/1a2b-3c';
    const context = { domainName: 'api.example.com', certificateArn };
    const message = refusal(context);
    expect(message).toContain(
      'domainName is not in settings/dev.json: a deployment that forgets it takes the domain away',
    );
    const remedy = remedyOf(message);
    expect(remedy).toEqual(context);
    for (const given of [context, {}]) {
      const domains = resourcesOf(synthesize(given, remedy), 'AWS::ApiGateway::DomainName');
      expect(Object.keys(domains)).toHaveLength(1);
    }
  });

  it('another table than the one in the file is refused, and taken from there', () => {
    const context = { processesTable: 'Crm-Restored' };
    const message = refusal(context, { processesTable: 'Crm' });
    expect(message).toContain('processesTable "Crm-Restored" is not the "Crm" in settings/dev.json');
    expect(processes(synthesize(context, remedyOf(message)))).toBe('Crm-Restored');
  });

  it.each([
    'processWritesPerSecond',
    'processReadsPerSecond',
    'primaryKeyReadsPerSecond',
    'primaryKeyWritesPerSecond',
  ])('%s goes up by the file alone, and never down', (name) => {
    const more = { [name]: 28_000 };
    const message = refusal(more, { [name]: 14_000 });
    expect(remedyOf(message)).toEqual(more);
    expect(() => synthesize(more, remedyOf(message))).not.toThrow();
    expect(remedyOf(refusal(more, {}))).toEqual(more);

    const less = refusal({ [name]: 13_000 }, { [name]: 14_000 });
    expect(less).toBe(
      `Configuration: ${name} 13000 is less than the 14000 in settings/dev.json: warm throughput never goes down, ` +
        'and the deployment would fail. Leave it out',
    );
    // As told.
    expect(() => synthesize({}, { [name]: 14_000 })).not.toThrow();
  });
});

it.each([
  ['[]', /^settings\/dev\.json is not a JSON object\. Write settings by name/],
  ['{"stage": }', /^settings\/dev\.json is not JSON: .+/],
])('the file %s is refused by its name', (content, fault) => {
  const directory = mkdtempSync(join(tmpdir(), 'bulk-update-settings-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'dev.json'), content);
  const { settings, faults } = readStageSettings('dev', directory);
  expect(settings).toEqual({});
  expect(faults).toEqual([expect.stringMatching(fault)]);
});
