import { PROCESS_STATUSES } from '../../../lambdas/contract/fields.ts';
import type { Procedure } from '../../../lambdas/contract/procedure.ts';
import type { Process } from '../../../lambdas/contract/process.ts';
import { aProcedure } from '../../support/builders.ts';
import type { SentItem } from '../oracle.ts';
import type { Random } from './random.ts';

/** A tenant with its own processes, whose primary keys are the same as the other's. */
export interface Team {
  name: string;
  apiKey: string;
  procedure: Procedure;
  processes: readonly Process[];
}

/** A PATCH to send. */
export interface BulkRequest {
  team: Team;
  items: readonly SentItem[];
  /** Whether its job is cancelled as soon as it is acknowledged. */
  isCancelled: boolean;
}

export interface WorkloadOptions {
  requests: number;
  /** How many items a request has. */
  items: { least: number; most: number };
  /** The share of items that delete their process. */
  deletions: number;
  /** The share of requests whose job is cancelled. */
  cancellations: number;
}

/** Of a hundred items, this number is wrong in each of these ways. */
const SHARES = { invalid: 3, missing: 3, mismatching: 3, ofOtherTeam: 3 };

/**
 * Two teams. Every other process is as another system may write it, without `data` and what this service keeps.
 * @param run - makes the names unique, where a database is shared
 */
export function twoTeams(run: string, processesEach: number): [Team, Team] {
  const team = (colour: string): Team => {
    const name = `${colour}-${run}`;
    const processes = Array.from({ length: processesEach }, (_, i) => {
      const process = { id: `${name}-${i}`, team: name, procedure: 'lead', primaryKey: String(1000 + i) };
      return i % 2 === 0
        ? process
        : { ...process, data: { city: 'Pune', score: i }, state: 'NEW', clocks: {} };
    });
    return { name, apiKey: `key-of-${name}`, procedure: aProcedure({ team: name }), processes };
  };
  return [team('red'), team('blue')];
}

/** Random requests of both teams, in the order in which each sends its own. */
export function workload(
  teams: readonly [Team, Team],
  random: Random,
  { requests, items, deletions, cancellations }: WorkloadOptions,
): BulkRequest[] {
  return Array.from({ length: requests }, (_, number) => {
    const [team, other] = number % 2 === 0 ? teams : teams.toReversed();
    if (team === undefined || other === undefined) throw new Error('Two teams are needed');
    const isCancelled = random.chance(cancellations);
    const sent = Array.from({ length: random.between(items.least, items.most) }, (_, index) =>
      anItem(team, other, random, { unique: number * 10_000 + index, deletions }),
    );
    return { team, items: sent, isCancelled };
  });
}

function anItem(
  team: Team,
  other: Team,
  random: Random,
  { unique, deletions }: { unique: number; deletions: number },
): SentItem {
  const identifier = anIdentifier(team, other, random);
  const update = random.chance(deletions) ? { isDeleted: true } : anUpdate(team, random, unique);
  const isInvalid = random.chance(SHARES.invalid / 100);
  if (isInvalid) return { item: random.pick(SPOILT)(identifier, update), isInvalid };
  return { item: random.chance(0.5) ? { ...identifier, update } : { ...identifier, ...update }, isInvalid };
}

function anIdentifier(team: Team, other: Team, random: Random): Record<string, unknown> {
  const { id, primaryKey = '' } = random.pick(team.processes);
  const share = random.next() * 100;
  if (share < SHARES.missing) return random.pick([{ id: 'nobody' }, { lead_id: 'nobody' }]);
  if (share < SHARES.missing + SHARES.mismatching) return { id, lead_id: `not-${primaryKey}` };
  if (share < SHARES.missing + SHARES.mismatching + SHARES.ofOtherTeam) {
    const theirs = random.pick(other.processes);
    return random.pick([{ id: theirs.id }, { id: theirs.id, lead_id: primaryKey }]);
  }
  return random.pick([
    { id },
    { lead_id: primaryKey },
    { lead_id: Number(primaryKey) },
    { id, lead_id: primaryKey },
  ]);
}

/** Names one to four fields, and clears some of them; the other values are used once, where they can be. */
function anUpdate({ procedure }: Team, random: Random, unique: number): Record<string, unknown> {
  const orCleared = (value: unknown) => (random.chance(0.2) ? null : value);
  const time = 1_700_000_000_000 + unique;
  const attributes = {
    city: orCleared(`City ${unique}`),
    phone_number: orCleared(`+91 ${unique}`),
    score: orCleared(random.pick([unique, String(unique)])),
    rating: orCleared(unique + 0.5),
    subscribed: orCleared(random.chance(0.5)),
  };
  const fields = {
    data: Object.fromEntries(random.shuffle(Object.entries(attributes)).slice(0, random.between(1, 3))),
    state: random.pick(procedure.states),
    status: random.pick(PROCESS_STATUSES),
    assignedTo: orCleared(`Agent ${unique}`),
    nextActionAt: orCleared(random.pick([time, String(time)])),
  };
  const [first, ...others] = random.shuffle(Object.entries(fields));
  return Object.fromEntries([first ?? [], ...others.slice(0, random.between(0, 1))]);
}

type Fields = Record<string, unknown>;

/** Ways in which an item is not valid. */
const SPOILT: ((identifier: Fields, update: Fields) => Fields)[] = [
  (_identifier, update) => ({ update }),
  (identifier, update) => ({ ...identifier, update, state: 'NEW' }),
  (identifier, update) => ({ ...identifier, update: { ...update, data: { citty: 'Pune' } } }),
  (identifier, update) => ({ ...identifier, update: { ...update, data: { score: 'many' } } }),
  (identifier, update) => ({ ...identifier, ...update, nextActionAt: 1_700_000_000 }),
  (identifier) => ({ ...identifier, update: {} }),
];
