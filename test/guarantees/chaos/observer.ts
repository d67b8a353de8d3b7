import type { EntryCounts } from '../../../lambdas/contract/statuses.ts';
import type { Entry } from '../../../lambdas/contract/views.ts';
import { Background } from './background.ts';
import type { Party } from './evidence.ts';
import type { Random } from './random.ts';
import type { Reader, ReadJob } from './reader.ts';

const PAUSE_MS = 500;

/** Looks at random jobs as long as it runs, and notes what a client must never see. */
export class Observer extends Background {
  readonly violations: string[] = [];
  observations = 0;
  readonly #parties: readonly Party[];
  readonly #random: Random;
  readonly #counts = new Map<string, EntryCounts>();
  /** The ends seen, by the entry's name. */
  readonly #ends = new Map<string, string>();

  constructor(parties: readonly Party[], random: Random) {
    super();
    this.#parties = parties;
    this.#random = random;
  }

  protected async run(): Promise<void> {
    while (!this.isStopped) {
      const { reader, client } = this.#random.pick(this.#parties);
      const jobs = client.acknowledged;
      if (jobs.length > 0) await this.#observe(reader, this.#random.pick(jobs).jobId);
      await this.pause(PAUSE_MS);
    }
  }

  async #observe(reader: Reader, jobId: string): Promise<void> {
    this.#checkCounts(jobId, await reader.job(jobId));
    for (const entry of await reader.entries(jobId)) this.#checkEntry(jobId, entry);
    this.observations += 1;
  }

  #checkCounts(jobId: string, { counts, total }: ReadJob): void {
    const sum = Object.values(counts).reduce((a, b) => a + b);
    if (sum !== total) this.violations.push(`job ${jobId} counts ${sum} entries of ${total}`);
    const before = this.#counts.get(jobId);
    // An ERROR that gave up may still become a SUCCESS.
    for (const status of ['INVALID', 'SUCCESS', 'CANCELLED'] as const) {
      if (before !== undefined && counts[status] < before[status]) {
        this.violations.push(`job ${jobId} went from ${before[status]} to ${counts[status]} ${status}`);
      }
    }
    this.#counts.set(jobId, counts);
  }

  #checkEntry(jobId: string, { index, completionStatus, errors }: Entry): void {
    const name = `entry ${index} of job ${jobId}`;
    const end = errors[0]?.code ?? completionStatus;
    const before = this.#ends.get(name);
    if (before !== undefined && end !== before) {
      this.violations.push(`${name} went from ${before} to ${end}`);
    }
    const isFinal = completionStatus !== 'NOT_STARTED' && end !== 'PROCESSING_FAILED';
    if (isFinal) this.#ends.set(name, end);
  }
}
