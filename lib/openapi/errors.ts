import type { RequestErrorCode } from '../../lambdas/contract/errors.ts';

/** Codes that the gateway may return for any request, before or after a function. */
export const GATEWAY_CODES: Record<number, RequestErrorCode[]> = {
  400: ['BAD_REQUEST'],
  401: ['UNAUTHORIZED'],
  403: ['FORBIDDEN', 'BAD_REQUEST'],
  408: ['BAD_REQUEST'],
  413: ['BODY_TOO_LARGE'],
  417: ['BAD_REQUEST'],
  429: ['TOO_MANY_REQUESTS'],
  431: ['BAD_REQUEST'],
  500: ['INTERNAL_ERROR'],
  502: ['INTERNAL_ERROR'],
  504: ['INTERNAL_ERROR'],
};
