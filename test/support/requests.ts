import type { APIGatewayProxyEvent } from 'aws-lambda';
import { RequestError } from '../../lambdas/domain/request-error.ts';
import { readUpdateRequest } from '../../lambdas/http/update-request.ts';

export const anEvent = (fields: Partial<APIGatewayProxyEvent>) =>
  ({
    ...{ httpMethod: 'GET', path: '/v1/ext/api-key', headers: {}, body: null, isBase64Encoded: false },
    ...fields,
  }) as APIGatewayProxyEvent;

/** Reads a body as API Gateway passes it on: in base64. */
export function readBody(body: string | Buffer, headers: Record<string, string> = {}, creates?: 'all') {
  return readUpdateRequest(
    anEvent({
      headers: { 'content-type': 'application/json', ...headers },
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    }),
    creates,
  );
}

/** The status and the codes of a refusal. */
export function codesOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof RequestError) return `${error.status} ${error.errors.map(({ code }) => code)}`;
    throw error;
  }
  return 'accepted';
}
