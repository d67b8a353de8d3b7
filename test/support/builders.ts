import { UPDATE_RETENTION_MS } from '../../lambdas/contract/limits.ts';
import type { Procedure } from '../../lambdas/contract/procedure.ts';
import type { Delivery } from '../../lambdas/domain/delivery.ts';
import type { Stopped, StoredJob } from '../../lambdas/domain/job.ts';
import type { EntriesQuery } from '../../lambdas/domain/list-entries.ts';
import type { UpdateMessage } from '../../lambdas/domain/update-message.ts';

/** Test data: each builder gives a usual case, and a test names only what it is about. */
export function aProcedure(changes: Partial<Procedure> = {}): Procedure {
  return {
    team: 'local',
    id: 'procedure-1',
    shortId: 'lead',
    name: 'Lead',
    primaryKey: 'lead_id',
    states: ['NEW', 'IN_PROGRESS', 'CONVERTED'],
    attributes: {
      lead_id: { type: 'string' },
      city: { type: 'string' },
      phone_number: { type: 'string' },
      score: { type: 'integer' },
      rating: { type: 'decimal' },
      subscribed: { type: 'boolean' },
    },
    ...changes,
  };
}

export function aMessage(changes: Partial<UpdateMessage> = {}): UpdateMessage {
  return {
    jobId: 'job-1',
    index: 0,
    team: 'local',
    procedure: 'lead',
    order: 10_000,
    target: { id: 'LEAD-001' },
    update: { data: { city: 'Pune' } },
    ...changes,
  };
}

/** A first delivery of a message; its message id tells entries of one job apart. */
export function aDelivery(changes: Partial<UpdateMessage> = {}, receives = 1): Delivery {
  const message = aMessage(changes);
  const keptUntil = 1_000 + UPDATE_RETENTION_MS;
  return { messageId: `${message.jobId}/${message.index}`, message, receives, keptUntil };
}

/** A job of three entries, one of them invalid, queued and without results. */
export function aJob(changes: Partial<StoredJob> = {}): StoredJob {
  return {
    id: 'job-1',
    team: 'local',
    procedure: 'lead',
    primaryKey: 'lead_id',
    sequence: 1,
    createdAt: 1_000,
    total: 3,
    invalid: 1,
    chunkStarts: [0],
    acceptingUntil: 30_000,
    queuedAt: 2_000,
    ...changes,
  };
}

/** What stopped a job that a client cancelled. */
export const cancelled = (at: number): Stopped => ({ at, why: 'cancelled' });

/** A page of everything, unless told otherwise. */
export const aPage = (changes: Partial<EntriesQuery>): EntriesQuery => ({
  filter: {},
  from: 0,
  limit: 1_000,
  maxBytes: Number.POSITIVE_INFINITY,
  bytesOf: () => 0,
  ...changes,
});
