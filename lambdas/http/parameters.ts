import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as v from 'valibot';
import { type ApiError, RequestError } from '../domain/errors.ts';
import { quote } from '../domain/values.ts';

type QuerySchema = v.ObjectSchema<v.ObjectEntries, undefined>;

/**
 * Reads the query of a request; parameters that the schema does not know are ignored.
 * @throws RequestError 400 that names every parameter which is wrong
 */
export function readQuery<Schema extends QuerySchema>(
  { queryStringParameters }: APIGatewayProxyEvent,
  schema: Schema,
): v.InferOutput<Schema> {
  const query = queryStringParameters ?? {};
  const parsed = v.safeParse(schema, query, { abortPipeEarly: true });
  if (parsed.success) return parsed.output;
  const errors = parsed.issues.map((issue): ApiError => {
    const name = v.getDotPath(issue) ?? '';
    const message = `The parameter ${name}: ${quote(query[name])} ${issue.message}.`;
    return { code: 'MALFORMED_PARAMETER', message };
  });
  throw new RequestError('MALFORMED_PARAMETER', errors);
}

/** `limit` of a page. */
export const limitSchema = (maximum: number, standard: number) => {
  const message = `is not a number of entries: send 1 to ${maximum}`;
  return v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,9}$/, message),
      v.transform(Number),
      v.minValue(1, message),
      v.maxValue(maximum, message),
    ),
    String(standard),
  );
};

const CURSOR = 'is not a cursor: send the one of "next" in the page before, or none for the first page';

/** `cursor` of a page: opaque to clients, a whole number inside. */
export const cursorSchema = v.optional(
  v.pipe(
    v.string(),
    v.transform((cursor) => Buffer.from(cursor, 'base64url').toString('latin1')),
    v.regex(/^from:\d{1,15}$/, CURSOR),
    v.transform((text) => Number(text.slice('from:'.length))),
  ),
);

export function cursorOf(position: number): string {
  return Buffer.from(`from:${position}`).toString('base64url');
}

/** A path with a query, for `next` and links; parameters that are undefined are left out. */
export function pathWithQuery(path: string, query: Record<string, string | number | undefined>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return `${path}?${parameters}`;
}

/**
 * The seconds that a client is ready to wait, by `Prefer: wait=N` (RFC 7240), up to a bound.
 * @returns undefined when it does not ask
 */
export function preferredWait({ headers }: APIGatewayProxyEvent, maximum: number): number | undefined {
  const [, seconds] = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?\s*(?:[,;]|$)/i.exec(headers.prefer ?? '') ?? [];
  return seconds === undefined ? undefined : Math.min(Number(seconds), maximum);
}

/**
 * The header Idempotency-Key, if there is one.
 * @throws RequestError 400 when it has no or too many characters
 */
export function idempotencyKey({ headers }: APIGatewayProxyEvent): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined || (key.length >= 1 && key.length <= 255)) return key;
  throw new RequestError(
    'MALFORMED_PARAMETER',
    `The header Idempotency-Key has ${key.length} characters. Send 1 to 255, or leave it out.`,
  );
}
