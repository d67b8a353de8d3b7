import { segment } from './base-url.ts';

export const JOBS = '/v1/ext/background-job';
export const PROCEDURES = '/v1/ext/procedure';

export function procedurePath(procedure: string): string {
  return `${PROCEDURES}/${segment(procedure)}`;
}

export function jobPath(jobId: string): string {
  return `${JOBS}/${segment(jobId)}`;
}

/** Adds a query to a path. */
export function pathWith(path: string, query: object): string {
  const given = Object.entries(query).map(([name, value]) => [name, String(value)]);
  return `${path}?${new URLSearchParams(Object.fromEntries(given))}`;
}
