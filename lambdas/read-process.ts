import { createDocumentClient } from './adapters/document-client.ts';
import { ProcedureStore } from './adapters/procedure-store.ts';
import { ProcessStore } from './adapters/process-store.ts';
import { ENTRY_ERROR_MESSAGES } from './contract/errors.ts';
import { MAX_IDENTIFIER_BYTES } from './contract/limits.ts';
import type { Procedure } from './contract/procedure.ts';
import type { Process } from './contract/process.ts';
import { noQuery } from './contract/queries.ts';
import { withHint } from './contract/unseen.ts';
import { processView } from './domain/process.ts';
import { RequestError } from './domain/request-error.ts';
import { type ApiRequest, apiHandler } from './http/api-handler.ts';
import { readQuery } from './http/parameters.ts';
import { procedureOf } from './http/procedure-of.ts';
import { processesTable, readEnvironment } from './runtime/config.ts';
import { logger } from './runtime/logger.ts';

const environment = readEnvironment('PROCESSES_TABLE', 'PRIMARY_KEY_INDEX', 'PROCEDURES_TABLE');
const client = createDocumentClient();
const procedures = new ProcedureStore(client, environment.PROCEDURES_TABLE, Date.now);
const processes = new ProcessStore(client, processesTable(environment), Date.now);

/**
 * GET /v1/ext/procedure/{procedure}/process/{identifier}, an id, and
 * GET /v1/ext/procedure/{procedure}/process/{identifier}/{value}, the primary key's short id and value.
 */
export const handler = apiHandler(
  'read',
  async (request) => {
    readQuery(request.event, noQuery);
    const procedure = await procedureOf(request, procedures);
    const process = await findProcess(request, procedure);
    const isVisible =
      process?.team === procedure.team &&
      process.procedure === procedure.shortId &&
      process.isDeleted !== true;
    if (process === undefined || !isVisible)
      throw notFound(procedure, request.path.value ?? request.path.identifier);
    return { status: 200, data: processView(process) };
  },
  logger,
);

async function findProcess({ path }: ApiRequest, procedure: Procedure): Promise<Process | undefined> {
  const { identifier = '', value } = path;
  if (
    [identifier, value].some((part) => part === '' || Buffer.byteLength(part ?? '') > MAX_IDENTIFIER_BYTES)
  ) {
    return undefined;
  }
  if (value === undefined) return processes.get(identifier);
  if (identifier !== procedure.primaryKey) throw notFound(procedure, identifier);
  const [id, ...others] = await processes.findIds(procedure.team, procedure.shortId, value);
  if (others.length > 0) {
    throw new RequestError('AMBIGUOUS_PRIMARY_KEY', ENTRY_ERROR_MESSAGES.AMBIGUOUS_PRIMARY_KEY);
  }
  return id === undefined ? undefined : processes.get(id);
}

function notFound({ shortId, primaryKey }: Procedure, name = ''): RequestError {
  return new RequestError(
    'PROCESS_NOT_FOUND',
    withHint(
      `There is no such process of ${shortId}. Name it as process/<id> or process/${primaryKey}/<value>.`,
      name,
    ),
  );
}
