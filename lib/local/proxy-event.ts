import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TemplateRoute } from './routes.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './template.ts';

/** The API's id, where AWS has one of ten letters and digits. */
const LOCAL_API = 'local';

/** What a client may send for a connection, which API Gateway does not pass on, and the length of the body. */
const NOT_PASSED = [
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'te',
  'transfer-encoding',
  'upgrade',
];

/** A request target as it was sent: nothing in it is normalised, so that no other path is served. */
export interface RequestTarget {
  path: string;
  query: URLSearchParams;
}

export function referenceOf(target: string): RequestTarget {
  const [path = ''] = target.split('?', 1);
  return { path, query: new URLSearchParams(target.slice(path.length)) };
}

export interface ProxyRequest {
  request: IncomingMessage;
  target: RequestTarget;
  route: Pick<TemplateRoute, 'path' | 'resourceId'>;
  /** As they were sent. */
  parameters: Record<string, string>;
  body: Buffer;
  /** Whether the API takes the body as binary, which is passed in base64. */
  isBinary: boolean;
  /** Undefined of a route without an authorizer. */
  authorizer: Record<string, unknown> | undefined;
  requestId: string;
  stage: string;
  time: Date;
}

/**
 * Returns the event that API Gateway makes of a request for a Lambda proxy integration. Its members and their forms are
 * those of a live capture (test/fixtures/aws/rest-proxy-event.json): the path and its parameters as they were sent, the
 * query decoded, of repeated headers and parameters the last value and all, maps without members null.
 */
export function proxyEvent({ request, target, route, parameters, authorizer, ...rest }: ProxyRequest) {
  const { body, isBinary, requestId, stage, time } = rest;
  const { method = '', socket } = request;
  const sourceIp = socket.remoteAddress ?? '';
  const headers = headersOf(request, sourceIp, time);
  const query = Object.groupBy([...target.query], ([name]) => name);
  const queries = Object.entries(query).map(([name, pairs = []]): [string, string[]] => [
    name,
    pairs.map(([, value]) => value),
  ]);
  const [domainName = ''] = (request.headers.host ?? '').split(':');
  return {
    resource: route.path,
    path: target.path,
    httpMethod: method,
    headers: lastOf(headers),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: orNull(lastOf(queries)),
    multiValueQueryStringParameters: orNull(Object.fromEntries(queries)),
    pathParameters: orNull(parameters),
    stageVariables: null,
    requestContext: {
      accountId: LOCAL_ACCOUNT,
      apiId: LOCAL_API,
      ...(authorizer === undefined ? {} : { authorizer }),
      domainName,
      domainPrefix: domainName.split('.')[0],
      extendedRequestId: randomBytes(11).toString('base64'),
      httpMethod: method,
      identity: { sourceIp, userAgent: request.headers['user-agent'] ?? null },
      path: `/${stage}${target.path}`,
      protocol: `HTTP/${request.httpVersion}`,
      requestId,
      requestTime: clfTime(time),
      requestTimeEpoch: time.getTime(),
      resourceId: route.resourceId,
      resourcePath: route.path,
      stage,
    },
    body: body.length === 0 ? null : body.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: isBinary && body.length > 0,
  };
}

/**
 * Returns the event that a token authorizer is given (test/fixtures/aws/token-authorizer-event.json).
 * @param path - as it was sent: so it stands in the ARN
 */
export function tokenEvent(authorizationToken: string, method: string, path: string, stage: string) {
  return {
    type: 'TOKEN',
    authorizationToken,
    methodArn: `arn:aws:execute-api:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${LOCAL_API}/${stage}/${method}${path}`,
  };
}

/** The headers with all of their values, under the name that the first was sent with, and those that API Gateway adds. */
function headersOf(request: IncomingMessage, sourceIp: string, time: Date): [string, string[]][] {
  const headers = new Map<string, [name: string, values: string[]]>();
  const add = (name: string, value: string) => {
    const [, values] = headers.get(name.toLowerCase()) ?? [];
    if (values === undefined) headers.set(name.toLowerCase(), [name, [value]]);
    else values.push(value);
  };
  const { rawHeaders, socket } = request;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (!NOT_PASSED.includes(name.toLowerCase())) add(nameOf(name), rawHeaders[i + 1] ?? '');
  }
  const forwarded = headers.get('x-forwarded-for')?.[1] ?? [];
  headers.set('x-forwarded-for', ['X-Forwarded-For', [[...forwarded, sourceIp].join(', ')]]);
  headers.set('x-forwarded-port', ['X-Forwarded-Port', [String(socket.localPort)]]);
  headers.set('x-forwarded-proto', ['X-Forwarded-Proto', ['http']]);
  headers.set('x-amzn-trace-id', ['X-Amzn-Trace-Id', [traceId(time)]]);
  return [...headers.values()];
}

/** API Gateway writes two names its own way, and keeps the others as they were sent. */
function nameOf(name: string): string {
  return { host: 'Host', 'user-agent': 'User-Agent' }[name.toLowerCase()] ?? name;
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids */
function traceId(time: Date): string {
  const seconds = Math.floor(time.getTime() / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
}

/** A time as in the common log format, such as `10/Jul/2026:19:19:04 +0000`. */
function clfTime(time: Date): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(time.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}

function lastOf(entries: [string, string[]][]): Record<string, string | undefined> {
  return Object.fromEntries(entries.map(([name, values]) => [name, values.at(-1)]));
}

function orNull<Map extends object>(map: Map): Map | null {
  return Object.keys(map).length === 0 ? null : map;
}
