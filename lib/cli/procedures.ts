import { nearestName } from '../../lambdas/contract/nearest-name.ts';
import { contradiction } from '../client/api-error.ts';
import {
  ApiError,
  type BulkUpdateClient,
  type ProcedureSummary,
  type ProcedureView,
} from '../client/index.ts';
import { shownValue } from './change-report.ts';
import { tableOf } from './summary.ts';

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

/**
 * Formats the attributes, with a column of what a new process needs and one of what it has by default, where there is any.
 */
export function attributesTable({
  attributes,
  required = [],
  defaults = {},
}: Pick<ProcedureView, 'attributes' | 'required' | 'defaults'>): string {
  const hasDefaults = Object.keys(defaults).length > 0;
  const row = (isRequired: string, defaultValue: string) => [
    ...(required.length > 0 ? [isRequired] : []),
    ...(hasDefaults ? [defaultValue] : []),
  ];
  const rows = Object.entries(attributes).map(([attribute, { type, options = [] }]) => [
    ...[attribute, type],
    ...row(
      required.includes(attribute) ? 'required' : '',
      Object.hasOwn(defaults, attribute) ? shownValue(defaults[attribute]) : '',
    ),
    options.join(', '),
  ]);
  return tableOf([['attribute', 'type', ...row('to create', 'default'), 'options'], ...rows]);
}

function remedyFor(name: string, allowed: readonly string[]): string {
  const nearest = nearestName(name, allowed);
  if (nearest !== undefined) return `Did you mean ${nearest}?`;
  if (allowed.length === 0) return 'The API key allows none. Ask its operator for another one.';
  const more = allowed.length > MAX_LISTED ? ', …' : '';
  return `The API key allows ${allowed.slice(0, MAX_LISTED).join(', ')}${more}.`;
}
