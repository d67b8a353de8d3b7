import * as v from 'valibot';
import { VARIABLES, type Variable } from '../contract/environment.ts';

type Environment<Names extends Variable> = { [Name in Names]: v.InferOutput<(typeof VARIABLES)[Name]> };

/**
 * Reads the variables that a function needs.
 * @throws Error that names every variable which is missing or wrong, so that a bad deployment fails at once
 */
export function readEnvironment<const Names extends Variable>(...names: Names[]): Environment<Names> {
  const schema = v.object(Object.fromEntries(names.map((name) => [name, VARIABLES[name]])));
  const parsed = v.safeParse(schema, process.env);
  if (parsed.success) return parsed.output as Environment<Names>;
  const faults = parsed.issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`);
  throw new Error(`Environment: ${faults.join('; ')}`);
}

/** The table of the processes, as a function's environment names it. */
export function processesTable({
  PROCESSES_TABLE: table,
  PRIMARY_KEY_INDEX: index,
}: Environment<'PROCESSES_TABLE' | 'PRIMARY_KEY_INDEX'>) {
  return { table, index };
}
