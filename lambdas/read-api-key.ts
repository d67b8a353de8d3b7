import { createDocumentClient } from './adapters/document-client.ts';
import { KeyStore } from './adapters/key-store.ts';
import { keyOf } from './contract/bearer.ts';
import { noQuery } from './contract/queries.ts';
import type { ApiKeyView } from './contract/views.ts';
import { RequestError } from './domain/request-error.ts';
import { apiHandler } from './http/api-handler.ts';
import { readQuery } from './http/parameters.ts';
import { readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';

const environment = readEnvironment('API_KEYS_TABLE', 'STAGE');
const keys = new KeyStore(createDocumentClient(), environment.API_KEYS_TABLE, Date.now);

/**
 * GET /v1/ext/api-key
 *
 * It reads the key itself rather than having the authorizer pass it on. A name is any text of any length, and one that
 * the authorizer's context could not carry would lock its key out of every path. AWS documents no bound of a context,
 * and text with quotes broke cached ones of HTTP APIs (mantil-io/mantil#52).
 */
export const handler = apiHandler(
  'read',
  async ({ event }) => {
    readQuery(event, noQuery);
    const key = keyOf(event.headers.authorization);
    const known = key === undefined ? undefined : await keys.find(key);
    // The gateway remembers for a while that it let the key in.
    if (known === undefined) {
      throw new RequestError(
        'UNAUTHORIZED',
        'The API key was revoked or has expired. Send another one as "Authorization: Bearer <api key>".',
      );
    }
    const { team, name = null, scope, procedures = null, expiresAt = null } = known;
    const data: ApiKeyView = { team, name, scope, procedures, expiresAt, stage: environment.STAGE };
    return { status: 200, data };
  },
  logger,
);
