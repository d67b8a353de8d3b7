import type { IncomingMessage } from 'node:http';
import { buildApp } from 'fauxqs';
// The package exports no more than its start, which lets the whole network in.
import { FileS3Persistence } from '../../node_modules/fauxqs/dist/s3/fileS3Persistence.js';
import { S3Store } from '../../node_modules/fauxqs/dist/s3/s3Store.js';
import { SnsStore } from '../../node_modules/fauxqs/dist/sns/snsStore.js';
import { SqsStore } from '../../node_modules/fauxqs/dist/sqs/sqsStore.js';
import { FILES_CORS } from '../infrastructure/files-cors.ts';
import type { LocalCredentials } from './credentials.ts';
import { isForThisMachine, type LoopbackServer } from './loopback.ts';
import { faultOfSignedUrl, isSigned, type SignedUrlFault } from './signed-url.ts';
import type { Template } from './template.ts';

export interface LocalFiles extends LoopbackServer {
  /** Lets the pages of this origin use signed URLs, as CORS of the bucket does for the console. */
  allowPagesOf: (origin: string) => void;
  /** What the emulator holds, for tests to look behind its API. */
  store: S3Store;
}

/** Of one part. The emulator alone takes 11 MiB, less than the parts of a file job have. */
const MAX_BODY_BYTES = 128 * 1024 * 1024;

/**
 * Starts the S3 emulator with the template's buckets. It knows neither CORS nor who asks, nor the time and the signature
 * of signed URLs: these are seen to before it.
 * @param dataDir - folder to keep the files in; without it they are in memory
 */
export async function startFiles(
  template: Pick<Template, 'ofType' | 'resolve' | 'setReference'>,
  credentials: LocalCredentials,
  dataDir: string | undefined,
): Promise<LocalFiles> {
  const store = new S3Store();
  if (dataDir !== undefined) {
    const kept = new FileS3Persistence(dataDir);
    // Loaded before it is attached: what is read must not be written.
    kept.loadS3(store);
    store.persistence = kept;
  }
  for (const [id, { BucketName }] of template.ofType('AWS::S3::Bucket')) {
    const name = String(template.resolve(BucketName) ?? id.toLowerCase());
    store.createBucket(name);
    template.setReference(id, name);
  }

  const app = buildApp({
    logger: false,
    stores: { s3Store: store, sqsStore: new SqsStore(), snsStore: new SnsStore() },
  });
  // A body is a file, whatever it is called.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES }, (_request, body, done) =>
    done(null, body),
  );
  const origins = new Set<string>();
  app.addHook('onRequest', async ({ raw }, reply) => {
    const { origin } = raw.headers;
    if (origin !== undefined && origins.has(origin) && isForThisMachine(raw)) {
      reply.headers({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': FILES_CORS.exposedHeaders.join(', '),
        vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
      });
      if (raw.method === 'OPTIONS' && isAllowedPreflight(raw)) {
        return reply
          .headers({
            'access-control-allow-methods': FILES_CORS.methods.join(', '),
            'access-control-allow-headers': FILES_CORS.headers.join(', '),
            'access-control-max-age': FILES_CORS.maxAgeSeconds,
          })
          .send();
      }
    }
    const fault = faultOf(raw, credentials, origins);
    if (fault === undefined) return undefined;
    return reply.code(403).type('application/xml').send(xmlOf(fault));
  });
  app.addHook('onSend', async ({ query }, reply) => {
    // The emulator does not know it; the signature covers it.
    const { 'response-content-disposition': disposition } = query as Record<string, string | undefined>;
    if (disposition !== undefined && reply.statusCode < 300) {
      reply.header('content-disposition', disposition);
    }
  });
  return {
    endpoint: await app.listen({ port: 0, host: '127.0.0.1' }),
    stop: () => app.close(),
    allowPagesOf: (origin) => origins.add(origin),
    store,
  };
}

/** A request is a program's with the secret key id, or by a signed URL: of a program, or of a page that CORS allows. */
function faultOf(
  request: IncomingMessage,
  credentials: LocalCredentials,
  origins: ReadonlySet<string>,
): SignedUrlFault | undefined {
  const { method = '', url = '', headers } = request;
  const { origin, authorization = '' } = headers;
  const isForeign = !isForThisMachine(request) || (origin !== undefined && !origins.has(origin));
  if (isForeign || method === 'OPTIONS') {
    return { code: 'AccessForbidden', message: 'CORSResponse: This CORS request is not allowed.' };
  }
  if (isSigned(url)) return faultOfSignedUrl({ method, target: url, headers }, credentials, Date.now());
  const isOwn =
    origin === undefined && authorization.includes(` Credential=${credentials.AWS_ACCESS_KEY_ID}/`);
  return isOwn ? undefined : { code: 'AccessDenied', message: 'Access Denied' };
}

function isAllowedPreflight({ headers }: IncomingMessage): boolean {
  const method = String(headers['access-control-request-method']);
  const asked = String(headers['access-control-request-headers'] ?? '').toLowerCase();
  const names = asked.split(',').map((name) => name.trim());
  return (
    (FILES_CORS.methods as readonly string[]).includes(method) &&
    names.every((name) => name === '' || (FILES_CORS.headers as readonly string[]).includes(name))
  );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function xmlOf({ code, message, details = {} }: SignedUrlFault): string {
  const elements = Object.entries({ Code: code, Message: message, ...details });
  const content = elements.map(([name, text]) => `<${name}>${text}</${name}>`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${content}</Error>`;
}
