import { describe, expect, test } from 'vitest';
import { hashOf, type Route, routeOf } from '../../../../../lib/console/model/route.ts';

describe('a route', () => {
  test.for<Route>([
    { page: 'send' },
    { page: 'jobs', filter: {} },
    { page: 'jobs', filter: { status: 'COMPLETED', procedure: 'lead', text: 'a?&#/ü .csv' } },
    { page: 'job', jobId: 'a/b c' },
    { page: 'undo', jobId: 'a/b c' },
    { page: 'plans', jobIds: ['a-1', 'b,/ 2'] },
  ])('%j is an address', (route) => {
    expect(routeOf(hashOf(route))).toEqual(route);
  });

  test('leaves out what filters nothing, or is no status', () => {
    expect(routeOf('#/jobs?status=DONE&procedure=&text=x&other=1')).toEqual({
      ...{ page: 'jobs', filter: { text: 'x' } },
    });
  });

  test.for(['', '#', '#/else', '#jobs-', '#/send/x', '#/plans', '#/plans/'])('%j is the start', (hash) => {
    expect(routeOf(hash)).toEqual({ page: 'send' });
  });

  test('that cannot be decoded lists the jobs', () => {
    expect(routeOf('#/jobs/%E0%A4%A')).toEqual({ page: 'jobs', filter: {} });
  });
});
