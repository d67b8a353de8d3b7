import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import { JOB_STATUSES } from '../../../lambdas/contract/statuses.ts';
import type { JobStatus } from '../../client/index.ts';

/** Which jobs are listed. Undefined for any. */
export interface JobsFilter {
  status?: JobStatus;
  /** Short id. */
  procedure?: string;
  /** Part of the name. */
  text?: string;
}

/** The shown page. It is the fragment of the address, so that reloading and going back work. */
export type Route =
  | { page: 'send' }
  | { page: 'jobs'; filter: JobsFilter }
  | { page: 'job'; jobId: string }
  /** What an undo of a job would do. */
  | { page: 'undo'; jobId: string }
  /** The plans that a file was saved as, in its order. */
  | { page: 'plans'; jobIds: readonly string[] };

/** Parses a fragment. @param hash - as in `location.hash`; an unknown one is the start page */
export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [page, id = '', part] = path.split('/');
  if (page === 'plans' && id !== '') return { page: 'plans', jobIds: id.split(',').map(decoded) };
  if (page !== 'jobs') return { page: 'send' };
  const jobId = decoded(id);
  if (jobId === '') return { page: 'jobs', filter: filterOf(query) };
  return { page: part === 'undo' ? 'undo' : 'job', jobId };
}

export function hashOf(route: Route): string {
  switch (route.page) {
    case 'send':
      return '#/';
    case 'jobs': {
      const query = new URLSearchParams({ ...route.filter }).toString();
      return query === '' ? '#/jobs' : `#/jobs?${query}`;
    }
    case 'job':
      return `#/jobs/${encodeURIComponent(route.jobId)}`;
    case 'undo':
      return `#/jobs/${encodeURIComponent(route.jobId)}/undo`;
    case 'plans':
      return `#/plans/${route.jobIds.map(encodeURIComponent).join(',')}`;
  }
}

function filterOf(query: string): JobsFilter {
  const parameters = new URLSearchParams(query);
  const named = (name: string) => parameters.get(name) || undefined;
  return definedOf({
    status: JOB_STATUSES.find((status) => status === named('status')),
    procedure: named('procedure'),
    text: named('text'),
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
