import { nearestName } from '../../lambdas/contract/nearest-name.ts';
import { contradiction } from '../client/api-error.ts';
import {
  ApiError,
  type BulkUpdateClient,
  type ProcedureSummary,
  type ProcedureView,
} from '../client/index.ts';

/** Maximum number of procedures that a message lists. */
const MAX_LISTED = 10;

/** The API's advice, in place of which the command names procedures. */
const INSTEAD_OF = 'Use the short id or the id of one of your procedures.';

/** Lists the procedures that the API key allows. */
export async function listProcedures(client: BulkUpdateClient): Promise<ProcedureSummary[]> {
  const procedures: ProcedureSummary[] = [];
  for await (const procedure of client.procedures()) {
    if (typeof procedure?.shortId !== 'string') {
      throw contradiction(200, 'listed something other than procedures');
    }
    procedures.push(procedure);
  }
  return procedures;
}

/**
 * Reads a procedure.
 * @throws ApiError which names the procedure that was probably meant, else those that the key allows
 */
export async function readProcedure(client: BulkUpdateClient, name: string): Promise<ProcedureView> {
  try {
    return await client.procedure(name);
  } catch (error) {
    const isUnknown = error instanceof ApiError && error.codes.includes('PROCEDURE_NOT_FOUND');
    if (!isUnknown) throw error;
    // Where they cannot be listed, either, the first error tells more than the second.
    const allowed = await listProcedures(client).catch(() => undefined);
    if (allowed === undefined) throw error;
    const remedy = remedyFor(
      name,
      allowed.map(({ shortId }) => shortId),
    );
    throw new ApiError(`${error.message.replace(INSTEAD_OF, '').trimEnd()} ${remedy}`, error);
  }
}

function remedyFor(name: string, allowed: readonly string[]): string {
  const nearest = nearestName(name, allowed);
  if (nearest !== undefined) return `Did you mean ${nearest}?`;
  if (allowed.length === 0) return 'The API key allows none. Ask its operator for another one.';
  const more = allowed.length > MAX_LISTED ? ', …' : '';
  return `The API key allows ${allowed.slice(0, MAX_LISTED).join(', ')}${more}.`;
}
