import { readFile } from 'node:fs/promises';
import { DOCUMENTATION_FILES, isDocumentationFile } from './contract/documentation-files.ts';
import { RequestError } from './domain/request-error.ts';
import { httpHandler } from './http/api-handler.ts';
import { pathParameters } from './http/parameters.ts';
import { logger } from './runtime/logger.ts';

/** The page loads what stands beside it, and asks this API; Swagger UI's stylesheet has its icons inside. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** GET /openapi.json, GET /docs and GET /docs/{file}: the description of the API, and a page to read it. */
export const handler = httpHandler(
  async (event) => {
    const { file = 'openapi.json' } = pathParameters(event);
    const name = event.resource === '/docs' ? 'index.html' : file;
    if (!isDocumentationFile(name)) {
      throw new RequestError('NOT_FOUND', 'There is no such file. The documentation is at /docs.');
    }
    const text = await readFile(new URL(name, import.meta.url), 'utf8');
    return {
      status: 200,
      headers: {
        'cache-control': 'public, max-age=3600',
        'content-security-policy': CONTENT_SECURITY_POLICY,
      },
      body: { contentType: DOCUMENTATION_FILES[name], text },
    };
  },
  logger,
  { contentSecurityPolicy: false },
);
