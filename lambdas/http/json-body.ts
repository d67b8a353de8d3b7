import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { RequestError } from '../domain/request-error.ts';

/**
 * The largest body after decompression. A plain body is limited to about 4.5 MB by Lambda's payload of 6 MB;
 * gzip brings more, up to this bound, which keeps the function's memory well below its size.
 */
export const MAX_BODY_BYTES = 20 * 1024 * 1024;

/**
 * The text of a JSON request's body: decoded, decompressed and checked to be UTF-8.
 * @throws RequestError 415, 413 or 400
 */
export function readBody(event: APIGatewayProxyEvent): string {
  checkContentType(event.headers['content-type'] ?? '');
  return textOf(event);
}

/**
 * The text of a body: decoded, decompressed and checked to be UTF-8.
 * @throws RequestError 415, 413 or 400
 */
export function textOf({ headers, body, isBase64Encoded }: APIGatewayProxyEvent): string {
  const sent = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  const bytes = decompress(sent, (headers['content-encoding'] ?? 'identity').trim().toLowerCase());
  if (bytes.length > MAX_BODY_BYTES) throw bodyTooLarge();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RequestError('MALFORMED_BODY', 'The body is not valid UTF-8. Encode it as UTF-8.');
  }
}

function checkContentType(contentType: string): void {
  const [type = '', ...parameters] = contentType
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  const isJson = type === 'application/json' || /^application\/[\w.-]+\+json$/.test(type);
  const isUtf8 = charset === undefined || /^"?utf-?8"?$/.test(charset);
  if (isJson && isUtf8) return;
  throw new RequestError(
    'UNSUPPORTED_MEDIA_TYPE',
    `The content type is ${contentType === '' ? 'missing' : `"${contentType.slice(0, 100)}"`}. Send JSON in UTF-8 with "content-type: application/json".`,
  );
}

/** Both are the same (RFC 9110, 8.4.1.3). */
const GZIP = ['gzip', 'x-gzip'];

function decompress(bytes: Buffer, encoding: string): Buffer {
  if (encoding === 'identity' || encoding === '') return bytes;
  if (!GZIP.includes(encoding)) {
    throw new RequestError(
      'UNSUPPORTED_ENCODING',
      `The content encoding "${encoding.slice(0, 100)}" is not supported. Send gzip or leave it out.`,
    );
  }
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw bodyTooLarge();
    throw new RequestError('MALFORMED_BODY', 'The body is not valid gzip, as its content encoding says.');
  }
}

function bodyTooLarge(): RequestError {
  return new RequestError(
    'BODY_TOO_LARGE',
    `The body has more than ${MAX_BODY_BYTES} bytes after decompression. Split it into several requests.`,
  );
}
