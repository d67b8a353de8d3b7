import { createDocumentClient } from './adapters/document-client.ts';
import { ProcedureStore } from './adapters/procedure-store.ts';
import { noQuery } from './contract/queries.ts';
import { apiHandler } from './http/api-handler.ts';
import { readQuery } from './http/parameters.ts';
import { procedureOf } from './http/procedure-of.ts';
import { readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';

const environment = readEnvironment('PROCEDURES_TABLE');
const procedures = new ProcedureStore(createDocumentClient(), environment.PROCEDURES_TABLE, Date.now);

/** GET /v1/ext/procedure/{procedure} */
export const handler = apiHandler(async (request) => {
  readQuery(request.event, noQuery);
  const { team: _team, ...data } = await procedureOf(request, procedures);
  return { status: 200, data };
}, logger);
