import type { ProcessStatus } from '../contract/fields.ts';
import type { AttributeValue } from '../contract/procedure.ts';
import type { Process } from '../contract/process.ts';
import type { ProcessView } from '../contract/views.ts';

/** What an update changes, validated and converted. `null` clears; a field not named stays as it is. */
export interface Update {
  data?: Record<string, AttributeValue | null>;
  state?: string;
  /** The states from which the process may come into `state`; absent means any. Never written. */
  stateFrom?: string[];
  status?: ProcessStatus;
  assignedTo?: string | null;
  nextActionAt?: number | null;
  isDeleted?: true;
  /** What `data` named as the primary key of a process found by id: never written, it must be the process's. */
  primaryKey?: string;
}

/**
 * Whether an update can be written to a process: another system may have stored something else where this service
 * keeps maps and numbers, and overwriting that would lose it. `null` counts as nothing.
 */
export function isWritable({ data, clocks, clock, version }: Process): boolean {
  const isMissing = (value: unknown) => value === undefined || value === null;
  return (
    [data, clocks].every((value) => isMissing(value) || isMap(value)) &&
    [clock, version].every((value) => isMissing(value) || typeof value === 'number')
  );
}

/** Whether a stored value is what DynamoDB calls a map. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The process as a client sees it. */
export function processView(process: Process): ProcessView {
  return {
    id: process.id,
    team: process.team,
    procedure: process.procedure,
    status: process.status ?? null,
    state: process.state ?? null,
    data: valueView(process.data ?? {}) as Record<string, unknown>,
    assignedTo: process.assignedTo ?? null,
    nextActionAt: process.nextActionAt ?? null,
    createdAt: process.createdAt ?? 0,
    updatedAt: process.updatedAt ?? 0,
    isDeleted: process.isDeleted ?? false,
    version: process.version ?? null,
  };
}

/** A stored value as JSON can tell it: other systems may keep sets, shown as lists, and bytes, shown in base64. */
export function valueView(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Set || Array.isArray(value)) return Array.from(value, valueView);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, valueView(member)]));
}
