import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { ErrorBody } from '../contract/errors.ts';
import { isObject } from '../contract/is-object.ts';
import { MAX_ERRORS } from '../contract/limits.ts';
import { quote } from '../contract/values.ts';
import { checkLevels } from '../domain/inspect-json.ts';
import { jsonPointer } from '../domain/json-pointer.ts';
import { RequestError } from '../domain/request-error.ts';
import { textOf } from './json-body.ts';

/**
 * Refuses the body of a request that takes none: whoever sends `{"dryRun":true}` takes it for a safeguard, which would not
 * be kept. An empty body and `{}` say nothing.
 * @throws RequestError 400 that names its members, or as of a body that cannot be read
 */
export function checkNoBody(event: APIGatewayProxyEvent): void {
  const text = textOf(event).trim();
  if (text === '') return;
  checkLevels(text);
  const names = namesIn(text);
  if (names?.length === 0) return;
  if (names === undefined) {
    throw new RequestError('MALFORMED_JSON', 'The body is not a JSON object. Leave it out: none is needed.');
  }
  const errors = names.slice(0, MAX_ERRORS).map((name): ErrorBody => {
    const message = `${quote(name)} is not a member of the body, which has none here. Leave it out.`;
    return { code: 'UNKNOWN_MEMBER', message, pointer: jsonPointer(name) };
  });
  throw new RequestError('UNKNOWN_MEMBER', errors);
}

/** The members of a JSON object; undefined of anything else. */
function namesIn(text: string): string[] | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return isObject(body) ? Object.keys(body) : undefined;
  } catch {
    return undefined;
  }
}
