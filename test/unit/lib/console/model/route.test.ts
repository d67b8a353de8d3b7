import { describe, expect, test } from 'vitest';
import { hashOf, type Route, routeOf } from '../../../../../lib/console/model/route.ts';

describe('a route', () => {
  test.for<Route>([{ page: 'send' }, { page: 'jobs' }, { page: 'job', jobId: 'a/b c' }])(
    '%j is an address',
    (route) => {
      expect(routeOf(hashOf(route))).toEqual(route);
    },
  );

  test.for(['', '#', '#/else', '#jobs-', '#/send/x'])('%j is the start', (hash) => {
    expect(routeOf(hash)).toEqual({ page: 'send' });
  });

  test('that cannot be decoded lists the jobs', () => {
    expect(routeOf('#/jobs/%E0%A4%A')).toEqual({ page: 'jobs' });
  });
});
