import pMap from 'p-map';
import { expect } from 'vitest';
import type { ProcessView } from '../../../lambdas/contract/views.ts';
import type { Evidence, JudgedJob } from '../oracle.ts';
import type { Client } from './client.ts';
import type { Reader } from './reader.ts';
import type { BulkRequest, Team } from './workload.ts';

const READS_IN_FLIGHT = 8;

/** A team with what it sends, and its ways to the service. */
export interface Party {
  team: Team;
  requests: readonly BulkRequest[];
  client: Client;
  reader: Reader;
}

/** Collects, over HTTP, what became of all jobs and processes. */
export async function evidenceOf(parties: readonly Party[]): Promise<Evidence> {
  const before = parties.flatMap(({ team }) => team.processes);
  const after = await pMap(
    parties.flatMap(({ team, reader }) => team.processes.map(({ id }) => ({ id, reader }))),
    async ({ id, reader }): Promise<[string, ProcessView | null]> => [id, await reader.process(id)],
    { concurrency: READS_IN_FLIGHT },
  );
  const jobs = await Promise.all(parties.map(judgedJobs));
  return { before, after: new Map(after), jobs: jobs.flat() };
}

/** The jobs of a team in order of acceptance, which is the order of its acknowledgments. */
async function judgedJobs({ team, client, reader }: Party): Promise<JudgedJob[]> {
  const listed = (await reader.jobs()).map(({ id }) => id);
  const acknowledged = new Map(client.acknowledged.map((sent) => [sent.jobId, sent]));
  expect(listed.filter((id) => acknowledged.has(id))).toEqual([...acknowledged.keys()]);
  return pMap(
    listed,
    async (id, position): Promise<JudgedJob> => {
      // A job without acknowledgment is of the request that was then sent again, until it had one.
      const owner = listed.slice(position).find((jobId) => acknowledged.has(jobId)) ?? '';
      const request = acknowledged.get(owner)?.request;
      if (request === undefined) throw new Error(`Job ${id} is of no request`);
      const { status, counts } = await reader.job(id);
      return {
        id,
        procedure: team.procedure,
        items: request.items,
        entries: await reader.entries(id),
        status,
        counts,
        acknowledged: acknowledged.get(id)?.meta,
        isCancelAsked: owner === id && request.isCancelled,
      };
    },
    { concurrency: READS_IN_FLIGHT },
  );
}
