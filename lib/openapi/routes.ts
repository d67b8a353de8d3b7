/** Name of a function behind the API, as in `BulkApiProps`. */
export type Handler =
  | 'accept'
  | 'readJob'
  | 'readEntries'
  | 'controlJob'
  | 'fileJob'
  | 'undoJob'
  | 'readProcess'
  | 'readProcedure'
  | 'readApiKey'
  | 'documentation';

interface Route {
  readonly method: 'GET' | 'PATCH' | 'POST';
  /** Path below the stage; `{name}` matches any segment. */
  readonly path: string;
  readonly handler: Handler;
  /** Whether it needs no API key. */
  readonly isPublic?: boolean;
}

/** The routes of the API. The gateway (`infrastructure/constructs/api.ts`) and the description (`openapi/`) are made from them. */
export const ROUTES = [
  { method: 'PATCH', path: '/v1/ext/procedure/{procedure}/process', handler: 'accept' },
  { method: 'POST', path: '/v1/ext/procedure/{procedure}/process/bulk-create', handler: 'accept' },
  { method: 'POST', path: '/v1/ext/procedure/{procedure}/process/file', handler: 'fileJob' },
  { method: 'GET', path: '/v1/ext/background-job/{id}/upload', handler: 'fileJob' },
  { method: 'POST', path: '/v1/ext/background-job/{id}/upload-complete', handler: 'fileJob' },
  { method: 'GET', path: '/v1/ext/background-job/{id}/results', handler: 'fileJob' },
  { method: 'GET', path: '/v1/ext/background-job/{id}', handler: 'readJob' },
  { method: 'GET', path: '/v1/ext/background-job/{id}/entries', handler: 'readEntries' },
  { method: 'POST', path: '/v1/ext/background-job/{id}/cancel', handler: 'controlJob' },
  { method: 'POST', path: '/v1/ext/background-job/{id}/retry', handler: 'controlJob' },
  { method: 'POST', path: '/v1/ext/background-job/{id}/approve', handler: 'controlJob' },
  { method: 'POST', path: '/v1/ext/background-job/{id}/undo', handler: 'undoJob' },
  { method: 'GET', path: '/v1/ext/background-job', handler: 'readJob' },
  { method: 'GET', path: '/v1/ext/procedure/{procedure}/process/{identifier}', handler: 'readProcess' },
  {
    method: 'GET',
    path: '/v1/ext/procedure/{procedure}/process/{identifier}/{value}',
    handler: 'readProcess',
  },
  { method: 'GET', path: '/v1/ext/procedure/{procedure}', handler: 'readProcedure' },
  { method: 'GET', path: '/v1/ext/procedure', handler: 'readProcedure' },
  { method: 'GET', path: '/v1/ext/api-key', handler: 'readApiKey' },
  { method: 'GET', path: '/openapi.json', handler: 'documentation', isPublic: true },
  { method: 'GET', path: '/docs', handler: 'documentation', isPublic: true },
  { method: 'GET', path: '/docs/{file}', handler: 'documentation', isPublic: true },
] as const satisfies readonly Route[];

/** Returns the methods of a route. HEAD is GET without the body of the response (RFC 9110, 9.3.2). */
export function methodsOf({ method }: Pick<Route, 'method'>): string[] {
  return method === 'GET' ? ['GET', 'HEAD'] : [method];
}

/** The methods of each path. Other methods are refused with 405. */
export const ALLOWED_METHODS: ReadonlyMap<string, readonly string[]> = new Map(
  [...Map.groupBy(ROUTES, ({ path }) => path)].map(([path, routes]) => [path, routes.flatMap(methodsOf)]),
);

type Described = Exclude<(typeof ROUTES)[number], { isPublic: true }>;

/** A described route, such as `GET /v1/ext/background-job`. The documentation itself is not described. */
export type RouteName = Described extends infer R
  ? R extends Described
    ? `${R['method']} ${R['path']}`
    : never
  : never;
