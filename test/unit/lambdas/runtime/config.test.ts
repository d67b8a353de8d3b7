import { afterEach, expect, test, vi } from 'vitest';
import { readEnvironment } from '../../../../lambdas/runtime/config.ts';

afterEach(() => vi.unstubAllEnvs());

test('variables are read with their types', () => {
  vi.stubEnv('JOBS_TABLE', 'jobs');
  vi.stubEnv('WAITING_REQUESTS', '10');
  expect(readEnvironment('JOBS_TABLE', 'WAITING_REQUESTS')).toEqual({
    JOBS_TABLE: 'jobs',
    WAITING_REQUESTS: 10,
  });
});

test('every variable that is missing or wrong is named', () => {
  vi.stubEnv('JOBS_TABLE', undefined);
  vi.stubEnv('WAITING_REQUESTS', 'ten');
  expect(() => readEnvironment('JOBS_TABLE', 'WAITING_REQUESTS')).toThrow(/JOBS_TABLE.*; WAITING_REQUESTS/);
});
