import type { Logger } from '@aws-lambda-powertools/logger';
import middy from '@middy/core';
import httpHeaderNormalizer from '@middy/http-header-normalizer';
import httpSecurityHeaders from '@middy/http-security-headers';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { type ApiError, RequestError } from '../domain/errors.ts';
import { type Caller, callerOf } from './caller.ts';

/** What a handler answers; the middleware puts it into the envelope. */
export interface ApiAnswer {
  status: number;
  data: unknown;
  meta?: Record<string, unknown>;
  headers?: Record<string, string>;
}

export interface ApiRequest {
  event: APIGatewayProxyEvent;
  caller: Caller;
  context: Context;
}

/**
 * The one middleware chain of all HTTP functions.
 *
 * A handler returns data or throws a RequestError; any other error is logged and answered with 500, and
 * nothing of it reaches the client.
 */
export function apiHandler(handle: (request: ApiRequest) => Promise<ApiAnswer>, logger: Logger) {
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use(httpHeaderNormalizer())
    .use(httpSecurityHeaders())
    .onError((request) => {
      request.response = answerError(request.event, request.error, logger);
    })
    .handler(async (event, context) => {
      logger.resetKeys();
      logger.appendKeys({ requestId: event.requestContext.requestId });
      const { status, data, meta, headers } = await handle({ event, caller: callerOf(event), context });
      return respond(event, status, { data, ...(meta ? { meta } : {}) }, headers);
    });
}

function answerError(event: APIGatewayProxyEvent, error: unknown, logger: Logger): APIGatewayProxyResult {
  if (error instanceof RequestError) return respond(event, error.status, { errors: error.errors });
  logger.error('Request failed', error as Error);
  const message = `The request failed on our side. Try again; if it fails again, report request ${event.requestContext.requestId}.`;
  return respond(event, 500, { errors: [{ code: 'INTERNAL_ERROR', message }] });
}

function respond(
  event: APIGatewayProxyEvent,
  statusCode: number,
  { data = null, meta = {}, errors = [] }: { data?: unknown; meta?: object; errors?: ApiError[] },
  headers: Record<string, string> = {},
): APIGatewayProxyResult {
  return {
    statusCode,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-request-id': event.requestContext.requestId,
      ...headers,
    },
    body: JSON.stringify({ _data: data, _meta: meta, _errors: errors }),
  };
}
