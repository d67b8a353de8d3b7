import type { Logger } from '@aws-lambda-powertools/logger';
import middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpSecurityHeaders from '@middy/http-security-headers';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { ErrorBody } from '../contract/errors.ts';
import type { Scope } from '../contract/scopes.ts';
import { RequestError } from '../domain/request-error.ts';
import { type Caller, callerOf, checkScope } from './caller.ts';
import { pathParameters } from './parameters.ts';
import { firstThatFit } from './response-size.ts';

/** The response of a handler: data for the envelope, or a body in a format of its own. */
export interface ApiResponse {
  status: number;
  data?: unknown;
  meta?: Record<string, unknown>;
  headers?: Record<string, string>;
  body?: { contentType: string; text: string };
}

export interface ApiRequest {
  event: APIGatewayProxyEvent;
  /** The parameters of the path, decoded. */
  path: Record<string, string>;
  caller: Caller;
  context: Context;
}

/**
 * The one middleware chain of all HTTP functions.
 *
 * A handler returns data or throws a RequestError; any other error is logged and becomes a 500, and
 * nothing of it reaches the client.
 *
 * @param securityHeaders - other than those that suit responses which are not pages
 */
export function httpHandler(
  handle: (event: APIGatewayProxyEvent, context: Context) => Promise<ApiResponse>,
  logger: Logger,
  securityHeaders?: Parameters<typeof httpSecurityHeaders>[0],
) {
  // Nothing may go on after the response: an environment that runs into its time limit is ended by Lambda, and
  // the gateway responds, instead of its being reused while the rest of the work goes on.
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>({ timeoutEarlyInMillis: 0 })
    .use(httpHeaderNormalizer())
    .use(httpSecurityHeaders(securityHeaders))
    .onError((request) => {
      request.response = responseError(request.event, request.error, logger);
    })
    .handler(async (event, context) => {
      logger.resetKeys();
      logger.appendKeys({ requestId: event.requestContext.requestId });
      // API Gateway takes such a path for the one without the slash, but the links of a response would lead elsewhere.
      if (event.path.endsWith('/')) {
        throw new RequestError('NOT_FOUND', 'The path ends with a slash. Remove the slash.');
      }
      return respond(event, await handle(event, context));
    });
}

/**
 * The same for a route that only clients with an API key reach.
 * @param scope - that the key must have
 */
export function apiHandler(
  scope: Scope,
  handle: (request: ApiRequest) => Promise<ApiResponse>,
  logger: Logger,
) {
  return httpHandler(async (event, context) => {
    const caller = callerOf(event);
    checkScope(caller, scope);
    return handle({ event, path: pathParameters(event), caller, context });
  }, logger);
}

function responseError(event: APIGatewayProxyEvent, error: unknown, logger: Logger): APIGatewayProxyResult {
  if (error instanceof RequestError) {
    const codes = error.errors.map(({ code }) => code);
    const headers: Record<string, string> = {
      ...(codes.includes('IDEMPOTENCY_KEY_IN_USE') ? { 'retry-after': '5' } : {}),
      ...(codes.includes('UNAUTHORIZED') ? { 'www-authenticate': 'Bearer' } : {}),
    };
    return respond(event, { status: error.status, meta: error.meta, headers }, firstThatFit(error.errors));
  }
  logger.error('Request failed', error as Error);
  const message = `The request failed on our side. Try again; if it fails again, report request ${event.requestContext.requestId}.`;
  return respond(event, { status: 500 }, [{ code: 'INTERNAL_ERROR', message }]);
}

function respond(
  event: APIGatewayProxyEvent,
  { status, data = null, meta = {}, headers = {}, body }: ApiResponse,
  errors: ErrorBody[] = [],
): APIGatewayProxyResult {
  const contentType = body?.contentType ?? 'application/json';
  const envelope = () => JSON.stringify({ _data: data, _meta: meta, _errors: errors });
  return {
    statusCode: status,
    headers: {
      'content-type': `${contentType}; charset=utf-8`,
      'x-request-id': event.requestContext.requestId,
      // CloudFront serves requests that come at once the response to the first, whosever key they carry, unless the
      // origin forbids it; and a browser would keep responses on its disk.
      // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#request-custom-traffic-spikes
      'cache-control': 'no-store',
      ...headers,
    },
    // 304 has no body.
    body: status === 304 ? '' : (body?.text ?? envelope()),
  };
}
