import type { Procedure } from '../contract/procedure.ts';
import { withHint } from '../contract/unseen.ts';
import { truncate } from '../contract/values.ts';
import type { Procedures } from '../domain/ports.ts';
import { RequestError } from '../domain/request-error.ts';
import type { ApiRequest } from './api-handler.ts';
import { checkAllowed } from './caller.ts';

/** DynamoDB's bound of a sort key. */
const MAX_NAME_BYTES = 1024;

/**
 * The procedure that the path names by its short id or id.
 * @throws RequestError 404 when the team has none, 403 when the key does not allow it
 */
export async function procedureOf({ path, caller }: ApiRequest, procedures: Procedures): Promise<Procedure> {
  const name = path.procedure ?? '';
  const isName = name !== '' && Buffer.byteLength(name) <= MAX_NAME_BYTES;
  const procedure = isName ? await procedures.find(caller.team, name) : undefined;
  if (procedure === undefined) {
    throw new RequestError(
      'PROCEDURE_NOT_FOUND',
      withHint(
        `There is no procedure "${truncate(name, 100)}". Use the short id or the id of one of your procedures.`,
        name,
      ),
    );
  }
  checkAllowed(caller, procedure.shortId);
  return procedure;
}
