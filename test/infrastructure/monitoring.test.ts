import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resourcesOf, synthesize } from './synthesize.ts';

interface AlarmProperties {
  AlarmDescription: string;
  AlarmActions?: unknown[];
  Threshold: number;
  TreatMissingData: string;
}

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:alarms';
const runbook = readFileSync(new URL('../../RUNBOOK.md', import.meta.url), 'utf8');
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
      'JobIsOpen',
      'JobsThrottled',
      'ProceduresThrottled',
      'ProcessesThrottled',
      'UpdatesWait',
    ]);
  });

  it('have a section of the runbook each, which their descriptions name', () => {
    const headings = runbook.match(/^## .*$/gm)?.join('\n') ?? '';
    for (const [name, { Properties }] of alarms) {
      const short = name.replace('Monitoring', '');
      expect(headings).toMatch(new RegExp(`\\b${short}\\b`));
      expect(Properties.AlarmDescription).toContain(`RUNBOOK.md, ${short}.`);
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
