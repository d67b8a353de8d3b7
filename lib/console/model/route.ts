/** The shown page. It is the fragment of the address, so that reloading and going back work. */
export type Route = { page: 'send' } | { page: 'jobs' } | { page: 'job'; jobId: string };

/** Parses a fragment. @param hash - as in `location.hash`; an unknown one is the start page */
export function routeOf(hash: string): Route {
  const [page, id = ''] = hash.replace(/^#\/?/, '').split('/');
  if (page !== 'jobs') return { page: 'send' };
  const jobId = decoded(id);
  return jobId === '' ? { page: 'jobs' } : { page: 'job', jobId };
}

export function hashOf(route: Route): string {
  switch (route.page) {
    case 'send':
      return '#/';
    case 'jobs':
      return '#/jobs';
    case 'job':
      return `#/jobs/${encodeURIComponent(route.jobId)}`;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
