import * as v from 'valibot';

/** The environment variables of the functions. The stack sets exactly those of each function's schema. */
const VARIABLES = {
  PROCESSES_TABLE: v.string(),
  /** Of that table, on (team, procedure, primaryKey). */
  PRIMARY_KEY_INDEX: v.string(),
  JOBS_TABLE: v.string(),
  PROCEDURES_TABLE: v.string(),
  API_KEYS_TABLE: v.string(),
  UPDATE_QUEUE_URL: v.string(),
  REMINDER_QUEUE_URL: v.string(),
  DEAD_LETTER_QUEUE_URL: v.string(),
  /** After so many receives an update has failed at every attempt. */
  MAX_RECEIVE_COUNT: v.pipe(v.string(), v.digits(), v.transform(Number)),
  /** The most requests that wait for the end of a job at a time. */
  WAITING_REQUESTS: v.pipe(v.string(), v.digits(), v.transform(Number)),
};

export type Variable = keyof typeof VARIABLES;
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
