import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { resourcesOf, synthesize } from './synthesize.ts';

interface AlarmProperties {
  AlarmDescription: string;
  AlarmActions?: unknown[];
  Threshold: number;
  TreatMissingData: string;
}

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:alarms';
const root = new URL('../../', import.meta.url);
const runbook = readFileSync(new URL('docs/runbook.md', root), 'utf8');
const alarmsOf = (context: Record<string, unknown>) =>
  Object.entries(resourcesOf<AlarmProperties>(synthesize(context), 'AWS::CloudWatch::Alarm'));
const alarms = alarmsOf({});

describe('alarms', () => {
  it('ring for what an operator has to know', () => {
    expect(alarms.map(([name]) => name.replace('Monitoring', '')).toSorted()).toEqual([
      'AcceptIsSlow',
      'ApiFails',
      'ApiKeysThrottled',
      'ApplyFails',
      'ApplyThrottled',
      'ClosingFails',
      'DeadLetters',
      'FileStalled',
      'JobIsOpen',
      'JobsThrottled',
      'ProceduresThrottled',
      'ProcessesThrottled',
      'UpdatesWait',
    ]);
  });

  it('ring when a job has been open, or a file job has stood still, for an hour', () => {
    const ofHours = alarms.filter(([, { Properties }]) => Properties.Threshold === 60 * 60 * 1000);
    expect(ofHours.map(([name]) => name.replace('Monitoring', '')).toSorted()).toEqual([
      'FileStalled',
      'JobIsOpen',
    ]);
  });

  it('have a section of the runbook each, which their descriptions name', () => {
    const headings = runbook.match(/^## .*$/gm)?.join('\n') ?? '';
    for (const [name, { Properties }] of alarms) {
      const short = name.replace('Monitoring', '');
      expect(headings).toMatch(new RegExp(`\\b${short}\\b`));
      expect(Properties.AlarmDescription).toContain(`docs/runbook.md, ${short}.`);
    }
  });

  it('keep still while nobody sends', () => {
    for (const [, { Properties }] of alarms) expect(Properties.TreatMissingData).toBe('notBreaching');
  });

  it('are sent to the topic that is configured, and nowhere without one', () => {
    for (const [, { Properties }] of alarms) expect(Properties.AlarmActions).toBeUndefined();
    for (const [, { Properties }] of alarmsOf({ alarmTopicArn: TOPIC })) {
      expect(Properties.AlarmActions).toEqual([TOPIC]);
    }
  });
});

it('a dashboard shows the whole path of an update', () => {
  const [dashboard] = Object.values(
    resourcesOf<{ DashboardBody: unknown }>(synthesize(), 'AWS::CloudWatch::Dashboard'),
  );
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);
  for (const title of [
    'Who is sending',
    'How far behind',
    'Is it healthy',
    'Apply',
    'Accept',
    'Table Jobs',
  ]) {
    expect(body).toContain(title);
  }
});

it('the cost table counts what CloudWatch charges for: each metric of an alarm, and each custom metric', () => {
  // https://aws.amazon.com/cloudwatch/pricing/: a metric math alarm costs as much as its metrics.
  interface Metrics {
    Metrics?: { MetricStat?: unknown }[];
  }
  const ofAlarms = Object.values(resourcesOf<Metrics>(synthesize(), 'AWS::CloudWatch::Alarm')).map(
    ({ Properties: { Metrics } }) =>
      Metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1,
  );
  const alarmMetrics = ofAlarms.reduce((sum, one) => sum + one);
  expect(runbook).toContain(
    `| ${ofAlarms.length} alarms on ${alarmMetrics} metrics at 0.10 | ${(alarmMetrics * 0.1).toFixed(2)} |`,
  );
  const [dashboard] = Object.values(
    resourcesOf<{ DashboardBody: unknown }>(synthesize(), 'AWS::CloudWatch::Dashboard'),
  );
  const own = new Set(
    [...JSON.stringify(dashboard?.Properties.DashboardBody).matchAll(/BulkUpdate\W+(\w+)\W+service/g)].map(
      ([, name]) => name,
    ),
  );
  expect(runbook).toContain(`| ${own.size} metrics of its own at 0.30`);
  // Every one that the functions publish is on the dashboard, but for one of each error.
  const sources = globSync('lambdas/*.ts', { cwd: fileURLToPath(root) }).map((file) =>
    readFileSync(new URL(file, root), 'utf8'),
  );
  const published = sources.flatMap((source) =>
    [...source.matchAll(/(?:counts|durations): \{ ([^}]*) \}/g)].flatMap(([, names = '']) =>
      [...names.matchAll(/(\w+):/g)].map(([, name]) => name),
    ),
  );
  expect(
    new Set([...published, 'Applied', 'Created', 'Unchanged', 'Superseded', 'Reverted', 'Kept', 'Failed']),
  ).toEqual(own);
});
