import { aProcedure } from '../../support/builders.ts';
import type { Item } from './expressions.ts';
import {
  type Expectation,
  FIELDS,
  type Field,
  type ItemPlan,
  type RequestKind,
  type TargetName,
  TEAMS,
  type Team,
} from './plan.ts';

const STATES = ['NEW', 'IN_PROGRESS', 'CONVERTED'];

const { attributes: ATTRIBUTES } = aProcedure();

/** Which state may follow which. */
export const TRANSITIONS: Record<string, string[]> = {
  NEW: ['IN_PROGRESS'],
  IN_PROGRESS: ['NEW', 'CONVERTED'],
  CONVERTED: ['IN_PROGRESS'],
};

/** The procedures of both teams: alike, so that only the team tells their processes apart. */
export const PROCEDURES = TEAMS.map((team) =>
  aProcedure({
    ...{ team, id: `procedure-of-${team}`, states: STATES, transitions: TRANSITIONS },
    attributes: { ...ATTRIBUTES, note: { type: 'string' } },
  }),
);

/** The same without an attribute that updates name, or as nothing that the functions can read. */
export function changedProcedure(
  procedure: (typeof PROCEDURES)[number],
  to: 'withoutCity' | 'malformed',
): Item {
  if (to === 'malformed') return { ...procedure, states: 'NEW' };
  const { city: _city, ...attributes } = procedure.attributes;
  return { ...procedure, attributes };
}

/** Ids are opaque; those of the two teams differ, their primary keys do not. */
export function idOf(team: Team, target: TargetName, number = 0): string {
  return number === 0 ? `${team}-${target}` : `${team}-${target}-${number}`;
}

const NEW_TARGETS: readonly TargetName[] = ['NEW1', 'NEW2', 'NEW3'];

const other = (team: Team): Team => (team === 'ours' ? 'theirs' : 'ours');
const primaryKeyOf = (target: TargetName, request: number) =>
  target === 'FRESH' ? `KEY-FRESH-${request}` : `KEY-${target}`;

/** Whether a process of that primary key is created by requests. */
export function isNewKey(primaryKey: unknown): boolean {
  return String(primaryKey).startsWith('KEY-NEW');
}

/**
 * The processes that are there from the start: one for each letter, and two with one primary key. Other systems wrote
 * them: A as one that updates have reached, B without what this service keeps for itself, C with as little as there may be.
 */
export function initialProcesses(): Item[] {
  return TEAMS.flatMap((team) => [
    {
      ...aProcess(team, idOf(team, 'A'), 'KEY-A'),
      ...{ state: 'NEW', clocks: {}, clock: 0, version: 0, decided: {} },
    },
    aProcess(team, idOf(team, 'B'), 'KEY-B'),
    {
      id: idOf(team, 'C'),
      team,
      procedure: 'lead',
      primaryKey: 'KEY-C',
      state: 'IN_PROGRESS',
      version: null,
    },
    ...[1, 2].map((number) => aProcess(team, idOf(team, 'TWICE', number), 'KEY-TWICE')),
    aProcess(team, `${team}-before-NEW3`, 'KEY-NEW3'),
  ]);
}

/** The process that another system creates for a request. */
export function freshProcess(team: Team, request: number): Item {
  return aProcess(team, idOf(team, 'FRESH', request), primaryKeyOf('FRESH', request));
}

/** The one of the same primary key that was there before. */
export function replacedProcess(team: Team, request: number): Item {
  return { ...freshProcess(team, request), id: `${idOf(team, 'FRESH', request)}-replaced` };
}

function aProcess(team: Team, id: string, primaryKey: string): Item {
  return { id, team, procedure: 'lead', primaryKey, data: { lead_id: primaryKey } };
}

/** What a field holds when the item of that number has set it: but for states no other item brings the same value. */
const VALUES: Record<Field, (number: number) => unknown> = {
  state: (number) => STATES[number % STATES.length],
  assignedTo: (number) => `assignee-${number}`,
  nextActionAt: (number) => 1_700_000_000_000 + number,
  'data.city': (number) => `city-${number}`,
  'data.score': (number) => number,
};

/**
 * An item as a client sends it.
 * @param request - tells the requests of a schedule apart, from 1
 * @param number - tells its items apart
 * @param find - reads the process of an id or of a primary key, as the client does before
 */
export function itemOf(
  plan: ItemPlan,
  team: Team,
  request: number,
  number: number,
  find: (id: string, primaryKey: string) => Item | undefined,
  kind: RequestKind = 'update',
): Record<string, unknown> {
  const { target, fields, clears, isInvalid } = plan;
  const isNew = NEW_TARGETS.includes(target);
  const by = isNew ? 'primaryKey' : plan.by;
  const deletes = plan.deletes && kind !== 'create';
  const expects = kind === 'create' ? undefined : plan.expects;
  const id =
    target === 'FOREIGN'
      ? idOf(other(team), 'A')
      : idOf(team, target, target === 'FRESH' ? request : Number(target === 'TWICE'));
  const primaryKey = by === 'mismatch' ? 'KEY-OF-ANOTHER' : primaryKeyOf(target, request);
  const isById = by !== 'primaryKey' || target === 'FOREIGN';
  const data: Record<string, unknown> = {};
  const item: Record<string, unknown> = {
    ...(isById ? { id } : {}),
    ...(by === 'id' || (isById && by === 'primaryKey') ? {} : { lead_id: primaryKey }),
    ...(isInvalid ? { status: 'NONE' } : {}),
    // With one of two deleted, their primary key would name the other.
    ...(deletes && target !== 'TWICE' ? { isDeleted: true } : {}),
    ...(expects === undefined ? {} : { expect: expected(expects, find(id, primaryKey) ?? {}) }),
    data,
  };
  for (const field of FIELDS.filter((field) => fields.includes(field))) {
    // A state is never cleared.
    const value = clears && field !== 'state' ? null : VALUES[field](number);
    if (field.startsWith('data.')) data[field.slice('data.'.length)] = value;
    else item[field] = value;
  }
  return item;
}

function expected(
  expects: Expectation,
  { version = null, state = null, assignedTo = null, data }: Item,
): Item {
  if (expects === 'version') return { version };
  if (expects === 'nextVersion') return { version: Number(version) + 1 };
  if (expects === 'state') return { state };
  // Which another system sets without counting versions.
  if (expects === 'note') return { data: { note: (data as Item | undefined)?.note ?? null } };
  return { assignedTo, data: { city: (data as Item | undefined)?.city ?? null } };
}
