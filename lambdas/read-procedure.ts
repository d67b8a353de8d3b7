import { createDocumentClient } from './adapters/document-client.ts';
import { ProcedureStore } from './adapters/procedure-store.ts';
import { noQuery } from './contract/queries.ts';
import { type ApiRequest, type ApiResponse, apiHandler } from './http/api-handler.ts';
import { allows } from './http/caller.ts';
import { readQuery } from './http/parameters.ts';
import { procedureOf } from './http/procedure-of.ts';
import { readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';

const environment = readEnvironment('PROCEDURES_TABLE');
const store = new ProcedureStore(createDocumentClient(), environment.PROCEDURES_TABLE, Date.now);

/** GET /v1/ext/procedure/{procedure}, and GET /v1/ext/procedure, the procedures that the key allows. */
export const handler = apiHandler(
  'read',
  (request) => (request.path.procedure === undefined ? listProcedures(request) : readProcedure(request)),
  logger,
);

async function readProcedure(request: ApiRequest): Promise<ApiResponse> {
  readQuery(request.event, noQuery);
  const { team: _team, ...data } = await procedureOf(request, store);
  return { status: 200, data };
}

async function listProcedures({ event, caller }: ApiRequest): Promise<ApiResponse> {
  readQuery(event, noQuery);
  const { procedures, malformed, isComplete } = await store.list(caller.team);
  if (malformed.length > 0) logger.error('Malformed procedures', { team: caller.team, malformed });
  if (!isComplete) logger.error('More procedures than a list holds', { team: caller.team });
  return {
    status: 200,
    data: procedures.filter(({ shortId }) => allows(caller, shortId)),
    meta: { next: null },
  };
}
