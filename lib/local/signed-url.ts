import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { LocalCredentials } from './credentials.ts';

/** Why S3 refuses a signed URL: its code and message, and what else it tells. */
export interface SignedUrlFault {
  code: string;
  message: string;
  details?: Record<string, string>;
}

const PRESIGNED = 'X-Amz-Signature';

/** Whether a request brings its signature in its query. @param target - path and query */
export const isSigned = (target: string): boolean => queryOf(target).has(PRESIGNED);

/**
 * Checks a signed URL as S3 does, but for its checksums.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 *
 * @param target - path and query, as the client sent them
 * @returns undefined when it is right
 */
export function faultOfSignedUrl(
  request: {
    method: string;
    target: string;
    headers: Readonly<Record<string, string | string[] | undefined>>;
  },
  credentials: LocalCredentials,
  now: number,
): SignedUrlFault | undefined {
  const query = queryOf(request.target);
  const [id, ...scope] = (query.get('X-Amz-Credential') ?? '').split('/');
  if (id !== credentials.AWS_ACCESS_KEY_ID) {
    return {
      code: 'InvalidAccessKeyId',
      message: 'The AWS Access Key Id you provided does not exist in our records.',
    };
  }
  const date = query.get('X-Amz-Date') ?? '';
  const seconds = Number(query.get('X-Amz-Expires'));
  const expires = Date.parse(date.replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:')) + seconds * 1000;
  if (!(now < expires)) {
    return {
      code: 'AccessDenied',
      message: 'Request has expired',
      details: {
        'X-Amz-Expires': String(seconds),
        ...(Number.isNaN(expires) ? {} : { Expires: new Date(expires).toISOString() }),
        ServerTime: new Date(now).toISOString(),
      },
    };
  }
  const toSign = [
    'AWS4-HMAC-SHA256',
    date,
    scope.join('/'),
    createHash('sha256').update(canonicalRequest(request, query)).digest('hex'),
  ].join('\n');
  const key = scope.reduce<Buffer | string>(hmac, `AWS4${credentials.AWS_SECRET_ACCESS_KEY}`);
  const signature = Buffer.from(query.get(PRESIGNED) ?? '');
  const expected = Buffer.from(hmac(key, toSign).toString('hex'));
  if (signature.length === expected.length && timingSafeEqual(signature, expected)) return undefined;
  return {
    code: 'SignatureDoesNotMatch',
    message:
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  };
}

function canonicalRequest(
  { method, target, headers }: Parameters<typeof faultOfSignedUrl>[0],
  query: URLSearchParams,
): string {
  const pairs = [...query]
    .filter(([name]) => name !== PRESIGNED)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`);
  const names = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  const lines = names.map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`);
  const [path = ''] = target.split('?');
  return [method, path, pairs.sort().join('&'), lines.join(''), names.join(';'), 'UNSIGNED-PAYLOAD'].join(
    '\n',
  );
}

/** A plus sign in it stands for itself. */
function queryOf(target: string): URLSearchParams {
  return new URLSearchParams(target.split('?')[1]?.replaceAll('+', '%2B'));
}

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** RFC 3986: all but letters, digits and -._~ */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
