import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as v from 'valibot';
import type { ErrorBody } from '../contract/errors.ts';
import { nearestName } from '../contract/nearest-name.ts';
import { idempotencyKeySchema } from '../contract/queries.ts';
import { quote } from '../contract/values.ts';
import { RequestError } from '../domain/request-error.ts';

/**
 * Returns the parameters of the path, decoded: a REST API passes each as the client sent it, percent-encoded
 * (test/fixtures/aws/README.md). Decoded once, `literal%252F` is `literal%2F`, and a plus is a plus.
 * @throws RequestError 400 that names every parameter that cannot be decoded
 */
export function pathParameters({
  pathParameters: sent,
}: Pick<APIGatewayProxyEvent, 'pathParameters'>): Record<string, string> {
  const decoded: [string, string][] = [];
  const errors: ErrorBody[] = [];
  for (const [name, segment = ''] of Object.entries(sent ?? {})) {
    try {
      decoded.push([name, decodeURIComponent(segment)]);
    } catch {
      const message = `The parameter ${name} of the path: ${quote(segment)} is not percent-encoded UTF-8. Encode each character other than A-Z a-z 0-9 - . _ ~ as its bytes, such as "%20" for a space and "%25" for "%".`;
      errors.push({ code: 'MALFORMED_PARAMETER', message });
    }
  }
  if (errors.length > 0) throw new RequestError('MALFORMED_PARAMETER', errors);
  return Object.fromEntries(decoded);
}

type QuerySchema = v.ObjectSchema<v.ObjectEntries, undefined>;

/**
 * Reads the query of a request. A parameter that the schema does not know is refused: it may be the misspelt one of a
 * dry run, which would run for real.
 * @throws RequestError 400 that names every parameter which is wrong
 */
export function readQuery<Schema extends QuerySchema>(
  { queryStringParameters, multiValueQueryStringParameters }: APIGatewayProxyEvent,
  schema: Schema,
): v.InferOutput<Schema> {
  const query = queryStringParameters ?? {};
  const parsed = v.safeParse(schema, query, { abortPipeEarly: true });
  const faults = [
    ...unknownNames(Object.keys(query), Object.keys(schema.entries)),
    ...repeated(multiValueQueryStringParameters ?? {}, schema),
    ...(parsed.issues ?? []).map((issue) => {
      const name = v.getDotPath(issue) ?? '';
      return `The parameter ${name}: ${quote(query[name])} ${issue.message}.`;
    }),
  ];
  if (parsed.success && faults.length === 0) return parsed.output;
  const errors = faults.map((message): ErrorBody => ({ code: 'MALFORMED_PARAMETER', message }));
  throw new RequestError('MALFORMED_PARAMETER', errors);
}

function unknownNames(given: readonly string[], known: readonly string[]): string[] {
  return given
    .filter((name) => !known.includes(name))
    .map((name) => {
      const nearest = nearestName(name, known);
      const remedy = nearest === undefined ? withoutNearest(known) : `Send ${nearest}, or leave it out`;
      return `The parameter ${quote(name)} is not known. ${remedy}.`;
    });
}

function withoutNearest(known: readonly string[]): string {
  return `Leave it out: this route takes ${known.length === 0 ? 'none' : known.join(', ')}`;
}

function repeated(given: Record<string, string[] | undefined>, { entries }: QuerySchema): string[] {
  return Object.entries(given)
    .filter(([name, values]) => Object.hasOwn(entries, name) && new Set(values).size > 1)
    .map(([name]) => `The parameter ${name} is given several times with different values. Give it once.`);
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
 * @throws RequestError 400 when it has no or too many characters, or comes more than once
 */
export function idempotencyKey({ headers, multiValueHeaders }: APIGatewayProxyEvent): string | undefined {
  const key = headers['idempotency-key'];
  if ((multiValueHeaders?.['idempotency-key']?.length ?? 0) > 1) {
    throw new RequestError(
      'MALFORMED_PARAMETER',
      'The header Idempotency-Key is given several times. Give it once.',
    );
  }
  if (key === undefined || v.safeParse(idempotencyKeySchema, key).success) return key;
  throw new RequestError(
    'MALFORMED_PARAMETER',
    `The header Idempotency-Key has ${key.length} characters. Send 1 to 255, or leave it out.`,
  );
}
