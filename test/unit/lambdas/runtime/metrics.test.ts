import { afterEach, beforeEach, expect, test, vi } from 'vitest';

/** Lines that the library writes to its console, as JSON. */
let lines: Record<string, unknown>[];

beforeEach(() => {
  lines = [];
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'BulkUpdate-test');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.spyOn(console, 'log').mockImplementation((line: string) => {
    lines.push(JSON.parse(line));
  });
  vi.resetModules();
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('a measurement is one line in the embedded metric format, with what it belongs to beside it', async () => {
  const { publishMetrics } = await import('../../../../lambdas/runtime/metrics.ts');
  publishMetrics({
    counts: { Applied: 9, Superseded: 0, Failed: 1 },
    durations: { EndToEnd: 120 },
    about: { team: 'local', jobId: 'job-1' },
  });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    service: 'BulkUpdate-test',
    Applied: 9,
    Failed: 1,
    EndToEnd: 120,
    team: 'local',
    jobId: 'job-1',
    _aws: {
      CloudWatchMetrics: [
        {
          Namespace: 'BulkUpdate',
          Dimensions: [['service']],
          Metrics: [
            { Name: 'Applied', Unit: 'Count' },
            { Name: 'Failed', Unit: 'Count' },
            { Name: 'EndToEnd', Unit: 'Milliseconds' },
          ],
        },
      ],
    },
  });
  expect(lines[0]).not.toHaveProperty('Superseded');
});

test('where nothing happened nothing is written', async () => {
  const { publishMetrics } = await import('../../../../lambdas/runtime/metrics.ts');
  publishMetrics({ counts: { Applied: 0 }, about: { team: 'local' } });
  expect(lines).toEqual([]);
});
