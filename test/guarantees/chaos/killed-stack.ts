import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { call, type JobData } from '../../support/api.ts';
import { type ChaosStack, startChaosStack } from './chaos-stack.ts';
import { type Team, twoTeams } from './workload.ts';

const KILLS = 12;
const KILL_PAUSE_MS = 250;
const ENDED_WITHIN_MS = 240_000;

export interface EndedJob extends JobData {
  counts: Record<string, number>;
}

/** The local stack for the tests of a file, and what they ask of it while its functions are killed. */
export interface KilledStack {
  team: Team;
  stack: () => ChaosStack;
  request: <Data>(path: string, init?: RequestInit) => ReturnType<typeof call<Data>>;
  /** Sends items, as a PATCH or in another way. @returns the id of the job */
  send: (body: object, to?: { method: 'PATCH' | 'POST'; below: string }) => Promise<string>;
  /** Kills what applies and what checks, again and again for three seconds. @returns how many processes */
  kill: () => Promise<number>;
  ended: (jobId: string) => Promise<EndedJob>;
  entries: <Data>(jobId: string) => Promise<Data[]>;
}

/** @param processes - number of processes of the team */
export function useKilledStack(processes: number): KilledStack {
  const [team, other] = twoTeams(crypto.randomUUID().slice(0, 8), processes);
  let stack: ChaosStack;
  beforeAll(async () => {
    // Functions that die are what this is about.
    vi.spyOn(console, 'error').mockImplementation(() => {});
    stack = await startChaosStack([team, other], undefined);
  }, 60_000);
  afterAll(() => stack.stop());

  const request = <Data>(path: string, init: RequestInit = {}) =>
    call<Data>(path, { ...init, baseUrl: stack.local.url, key: team.apiKey });
  return {
    team,
    stack: () => stack,
    request,
    async send(body, { method, below } = { method: 'PATCH', below: '' }) {
      const headers = { 'content-type': 'application/json' };
      const init = { method, headers, body: JSON.stringify(body) };
      const answer = await request<JobData>(`/v1/ext/procedure/lead/process${below}`, init);
      return answer.body._data.id;
    },
    async kill() {
      let kills = 0;
      for (let turn = 0; turn < KILLS; turn++) {
        for (const name of ['Apply', 'FinalizeJob'] as const) {
          for (const process of stack.local.functions.processesOf(stack.functionId(name))) {
            process.kill('SIGKILL');
            kills += 1;
          }
        }
        await delay(KILL_PAUSE_MS);
      }
      return kills;
    },
    ended: (jobId) =>
      vi.waitFor(
        async () => {
          const { body } = await request<JobData>(`/v1/ext/background-job/${jobId}`);
          expect(body._data.completionStatus).not.toBe('IN_PROGRESS');
          const counts = body._meta.bjEntryCompletionStatusVsCount as Record<string, number>;
          return { ...body._data, counts };
        },
        { timeout: ENDED_WITHIN_MS, interval: 500 },
      ),
    async entries<Data>(jobId: string) {
      const all: Data[] = [];
      let page: string | null = `/v1/ext/background-job/${jobId}/entries?limit=1000`;
      while (page !== null) {
        const path: string = page;
        const { body } = await request<Data[]>(path);
        all.push(...body._data);
        const next = body._meta.next as string | null;
        page = next === null ? null : new URL(next, `http://api${path}`).href.slice('http://api'.length);
      }
      return all;
    },
  };
}
