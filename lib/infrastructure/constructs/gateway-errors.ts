import { ResponseType } from 'aws-cdk-lib/aws-apigateway';
import type { RequestErrorCode } from '../../../lambdas/contract/errors.ts';

const NO_SUCH_ROUTE = 'There is no such path. See the list of endpoints in the documentation.';

/** What every response of the gateway itself carries, as those of the functions do; constants stand in apostrophes. */
export const GATEWAY_HEADERS: Readonly<Record<string, string>> = {
  'x-request-id': 'context.requestId',
  'Cache-Control': "'no-store'",
  'X-Content-Type-Options': "'nosniff'",
  'Strict-Transport-Security': "'max-age=15552000; includeSubDomains; preload'",
};

/**
 * Returns the body of an error, which is a mapping template too: API Gateway puts variables in where there is a `$` or
 * `#`, unescaped, so a message must have neither.
 */
export function errorTemplate(code: RequestErrorCode, message: string): string {
  return JSON.stringify({ _data: null, _meta: {}, _errors: [{ code, message }] });
}

export interface GatewayError {
  type: ResponseType;
  status?: string;
  /** In API Gateway's form: constants stand in apostrophes. */
  headers?: Record<string, string>;
  code: RequestErrorCode;
  message: string;
}

/** What the gateway itself answers, in the same envelope as the functions. */
export const GATEWAY_ERRORS: Record<string, GatewayError> = {
  Unauthorized: {
    type: ResponseType.UNAUTHORIZED,
    headers: { 'WWW-Authenticate': "'Bearer'" },
    code: 'UNAUTHORIZED',
    message: 'The API key is missing or unknown. Send it as "Authorization: Bearer <api key>".',
  },
  AccessDenied: {
    type: ResponseType.ACCESS_DENIED,
    code: 'FORBIDDEN',
    message: 'This API key does not allow the request.',
  },
  // API Gateway's name for a path or method that the API does not have.
  NoSuchRoute: {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: '404',
    code: 'NOT_FOUND',
    message: NO_SUCH_ROUTE,
  },
  // What API Gateway may make of a bearer token on such a path, which it takes for a signature.
  NoSuchRouteSigned: {
    type: ResponseType.INVALID_SIGNATURE,
    status: '404',
    code: 'NOT_FOUND',
    message: NO_SUCH_ROUTE,
  },
  // Of a method that a path does not take, with a body of a content type that its mock integration does not know
  // (method-not-allowed.ts): functions take every content type.
  UnsupportedMediaType: {
    type: ResponseType.UNSUPPORTED_MEDIA_TYPE,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message:
      'This path does not take this method, nor this content type. See the list of endpoints in the documentation.',
  },
  TooLarge: {
    type: ResponseType.REQUEST_TOO_LARGE,
    code: 'BODY_TOO_LARGE',
    message:
      'The body is too large: the limit of about 4.5 MB counts it as it is sent. Compress it with gzip, or split it into several requests.',
  },
  Throttled: {
    type: ResponseType.THROTTLED,
    headers: { 'Retry-After': "'1'" },
    code: 'TOO_MANY_REQUESTS',
    message: 'Too many requests. Wait as long as Retry-After says, then send it again.',
  },
  ClientError: {
    type: ResponseType.DEFAULT_4XX,
    code: 'BAD_REQUEST',
    message: 'The gateway refused the request. Check its path, headers and body.',
  },
  ServerError: {
    type: ResponseType.DEFAULT_5XX,
    code: 'INTERNAL_ERROR',
    message: 'The request failed on our side. Send it again; if it fails again, report the x-request-id.',
  },
};

/** Only where the web ACL is the one that counts the requests of each key. */
export const TOO_MANY_OF_KEY: GatewayError = {
  type: ResponseType.WAF_FILTERED,
  status: '429',
  headers: { 'Retry-After': "'60'" },
  code: 'TOO_MANY_REQUESTS',
  message: 'Too many requests with this API key. Wait as long as Retry-After says, then send it again.',
};
