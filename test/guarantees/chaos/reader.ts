import type { EntryCounts, JobStatus } from '../../../lambdas/contract/statuses.ts';
import type { Entry, ProcessView } from '../../../lambdas/contract/views.ts';
import { type ApiResponse, call, type JobData } from '../../support/api.ts';
import type { Team } from './workload.ts';

const JOBS = '/v1/ext/background-job';

export interface ReadJob {
  status: JobStatus;
  total: number;
  counts: EntryCounts;
}

/** Reads over HTTP what a team sees. A read may fail on the service's side, and is then tried again. */
export class Reader {
  readonly #baseUrl: string;
  readonly #team: Team;

  constructor(baseUrl: string, team: Team) {
    this.#baseUrl = baseUrl;
    this.#team = team;
  }

  async job(jobId: string): Promise<ReadJob> {
    const { body } = await this.#read<JobData>(`${JOBS}/${jobId}`);
    return {
      status: body._data.completionStatus as JobStatus,
      total: body._meta.total as number,
      counts: body._meta.bjEntryCompletionStatusVsCount as EntryCounts,
    };
  }

  /** All jobs of the team, the oldest first. */
  async jobs(): Promise<JobData[]> {
    return (await this.#pages<JobData>(`${JOBS}?limit=1000`)).reverse();
  }

  entries(jobId: string): Promise<Entry[]> {
    return this.#pages<Entry>(`${JOBS}/${jobId}/entries?limit=1000`);
  }

  /** @returns null when the process does not exist, or no longer exists */
  async process(id: string): Promise<ProcessView | null> {
    const { status, body } = await this.#read<ProcessView>(`/v1/ext/procedure/lead/process/${id}`);
    return status === 404 ? null : body._data;
  }

  async #pages<Element>(first: string): Promise<Element[]> {
    const elements: Element[] = [];
    for (let path: string | null = first; path !== null; ) {
      const { body }: ApiResponse<Element[]> = await this.#read<Element[]>(path);
      elements.push(...body._data);
      path = body._meta.next as string | null;
    }
    return elements;
  }

  async #read<Data>(path: string): Promise<ApiResponse<Data>> {
    for (;;) {
      const answer = await call<Data>(path, { baseUrl: this.#baseUrl, key: this.#team.apiKey });
      if (answer.status < 500) return answer;
    }
  }
}
