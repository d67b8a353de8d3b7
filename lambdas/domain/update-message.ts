import * as v from 'valibot';
import { isObject } from '../contract/is-object.ts';
import { MAX_ENTRIES } from '../contract/limits.ts';
import type { Creation } from './creation.ts';
import type { PlannedFields } from './planned-fields.ts';
import { type Expected, hasPrecondition } from './precondition.ts';
import type { Update } from './process.ts';

/** What identifies the process of an entry: its id, its primary key's value, or both. */
export interface ProcessReference {
  id?: string;
  /** The primary key's value as text, as it is indexed. */
  primaryKey?: string;
}

/** One valid entry on the queue. Written by accept, read by apply. */
export interface UpdateMessage {
  jobId: string;
  /** Position in the request. */
  index: number;
  team: string;
  procedure: string;
  /** The place in the team's order of acceptance; see `orderOf`. */
  order: number;
  target: ProcessReference;
  update: Update;
  /** What the process must have for the update to be applied. */
  expect?: Expected;
  /** Of an approved plan: what the fields of the update had when it was planned. */
  planned?: PlannedFields;
  /** Of an undo: the entries that it undoes. It then brings no update. */
  undo?: UndoMessage;
  /** What creates its process if none has the primary key. */
  create?: Creation;
  /** Position of an earlier entry of its job that may create its process. */
  after?: number;
  /** Whether it was dead-lettered once, so that its entry has a result already. */
  buried?: boolean;
  /** Of a copy that apply sent for later. */
  postponed?: Postponed;
}

/** What an undo has to know of one process: the entries of the undone job that wrote it, in the order of their index. */
export interface UndoMessage {
  /** The undone job. */
  jobId: string;
  /** Where the images lie, `imageAt` of the results. */
  places: readonly string[];
  entries: readonly UndoneReference[];
  /** Order numbers of those without an image. */
  lost: readonly number[];
}

/** Short, since one process may have all the entries of a job. */
export type UndoneReference = readonly [
  /** Position in the undo. */
  index: number,
  /** Position in the undone job. */
  undone: number,
  /** The undone update's place in the order of acceptance. */
  order: number,
  /** Position of its image's place in `places`. */
  place: number,
];

/** The entries that a message is about. */
export function indexesOf({ index, undo }: Pick<UpdateMessage, 'index' | 'undo'>): number[] {
  return undo === undefined ? [index] : undo.entries.map(([position]) => position);
}

export interface Postponed {
  /** How often that was. */
  times: number;
  /** How often the queue had delivered the copies before this one. */
  receives: number;
  /** When the queue would have dropped the first copy, in epoch ms. */
  until: number;
}

/** SQS delays a message by 15 minutes at most. */
const LONGEST_DELAY_SECONDS = 900;

/** The seconds after which a copy is delivered: 5, 20 and 80, then ever more, up to 15 minutes. */
export function delaySeconds({ times }: Postponed): number {
  return Math.min(5 * 4 ** (times - 1), LONGEST_DELAY_SECONDS);
}

/**
 * The order number of an entry: requests by the team's sequence, entries of a request by index.
 *
 * A double holds it exactly for 9 × 10^11 requests of a team.
 */
export function orderOf(sequence: number, index: number): number {
  return sequence * MAX_ENTRIES + index;
}

/**
 * The forms of the messages that accept writes. Messages wait up to 14 days, longer than a deployment takes, so apply
 * reads every form that was released. A form that an older apply would misread needs a new number: then it leaves the
 * message alone, which ends in the dead-letter queue and can be redriven.
 */
const PLAIN_VERSION = 2;
/** An apply that knows neither `expect` nor `planned` would apply the update whatever the process has. */
const GUARDED_VERSION = 3;
/** An apply that knows no `undo` would find nothing to change, and record that. */
const UNDO_VERSION = 4;

/** An apply that knows no `create` would tell that there is no process. */
const CREATE_VERSION = 5;

const messageSchema = v.object({
  version: v.picklist([PLAIN_VERSION, GUARDED_VERSION, UNDO_VERSION, CREATE_VERSION]),
  jobId: v.string(),
  index: v.number(),
  team: v.string(),
  procedure: v.string(),
  order: v.number(),
  target: v.object({ id: v.optional(v.string()), primaryKey: v.optional(v.string()) }),
  buried: v.optional(v.boolean()),
  // An apply that knows nothing of it takes the copy for the first: only its count of attempts is lost.
  postponed: v.optional(v.object({ times: v.number(), receives: v.number(), until: v.number() })),
  update: v.custom<Update>(isObject),
  expect: v.optional(v.custom<Expected>(isObject)),
  planned: v.optional(v.custom<PlannedFields>(isObject)),
  undo: v.optional(v.custom<UndoMessage>(isObject)),
  create: v.optional(v.custom<Creation>(isObject)),
  after: v.optional(v.number()),
});

/**
 * Writes a queue message's body.
 *
 * SQS refuses a message with characters beyond U+FFFD, and some of its emulators all beyond the basic plane;
 * JSON's escapes carry them. A character of four bytes then takes twelve.
 */
export function writeMessage(message: UpdateMessage): string {
  return JSON.stringify({ version: versionOf(message), ...message }).replace(
    /[\uD800-\uDFFF\uFFFE\uFFFF]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16)}`,
  );
}

function versionOf(message: UpdateMessage): number {
  if (message.create !== undefined || message.after !== undefined) return CREATE_VERSION;
  if (message.undo !== undefined) return UNDO_VERSION;
  return hasPrecondition(message) ? GUARDED_VERSION : PLAIN_VERSION;
}

/**
 * Reads a queue message's body.
 * @throws SyntaxError or ValiError when it is not one that accept wrote
 */
export function parseMessage(body: string): UpdateMessage {
  const { version: _version, ...message } = v.parse(messageSchema, JSON.parse(body));
  return message as UpdateMessage;
}
