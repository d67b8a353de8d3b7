import { setTimeout as delay } from 'node:timers/promises';
import { type ApiResponse, call, type JobData } from '../../support/api.ts';
import type { Random } from './random.ts';
import type { BulkRequest, Team } from './workload.ts';

const JOBS = '/v1/ext/background-job';
/** The share of acknowledgments that get lost on their way, so that the client sends the request again. */
const LOST_ACKNOWLEDGMENTS = 0.1;

/** A request whose acknowledgment arrived. */
export interface Acknowledged {
  request: BulkRequest;
  jobId: string;
  meta: { total: number; queued: number; invalid: number };
}

/**
 * A client as the contract wants it: it sends each request with a key of its own and repeats it until it has
 * the acknowledgment, and only then sends the next.
 */
export class Client {
  readonly acknowledged: Acknowledged[] = [];
  /** How often a request was sent again. */
  repeats = 0;
  readonly #baseUrl: string;
  readonly #team: Team;
  readonly #random: Random;

  constructor(baseUrl: string, team: Team, random: Random) {
    this.#baseUrl = baseUrl;
    this.#team = team;
    this.#random = random;
  }

  async sendAll(requests: readonly BulkRequest[]): Promise<void> {
    for (const request of requests) {
      const idempotencyKey = crypto.randomUUID();
      const { jobId, meta } = await this.#send(request, idempotencyKey);
      if (this.#random.chance(LOST_ACKNOWLEDGMENTS)) {
        const again = await this.#send(request, idempotencyKey);
        if (again.jobId !== jobId) throw new Error(`Job ${jobId} was accepted again as ${again.jobId}`);
      }
      this.acknowledged.push({ request, jobId, meta });
      if (request.isCancelled) await this.#cancel(jobId);
    }
  }

  async #send({ items }: BulkRequest, idempotencyKey: string): Promise<Pick<Acknowledged, 'jobId' | 'meta'>> {
    const { body } = await this.#untilAnswered([202], '/v1/ext/procedure/lead/process', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      body: JSON.stringify({ processes: items.map(({ item }) => item) }),
    });
    return { jobId: body._data.id, meta: body._meta as Acknowledged['meta'] };
  }

  /** It may have ended already. */
  async #cancel(jobId: string): Promise<void> {
    await this.#untilAnswered([200, 409], `${JOBS}/${jobId}/cancel`, { method: 'POST' });
  }

  /** Repeats a request while it fails for a passing reason. */
  async #untilAnswered(
    statuses: readonly number[],
    path: string,
    init: RequestInit,
  ): Promise<ApiResponse<JobData>> {
    for (;;) {
      const answer = await this.#try(path, init);
      if (answer !== undefined && statuses.includes(answer.status)) return answer;
      if (answer !== undefined && answer.status !== 409 && answer.status < 500) {
        throw new Error(`${init.method} ${path}: ${answer.status} ${JSON.stringify(answer.body._errors)}`);
      }
      this.repeats += 1;
      await delay(Number(answer?.headers.get('retry-after') ?? 0) * 1000);
    }
  }

  /** @returns undefined when the connection broke */
  async #try(path: string, init: RequestInit): Promise<ApiResponse<JobData> | undefined> {
    try {
      return await call<JobData>(path, { ...init, baseUrl: this.#baseUrl, key: this.#team.apiKey });
    } catch (error) {
      if (error instanceof TypeError) return undefined;
      throw error;
    }
  }
}
