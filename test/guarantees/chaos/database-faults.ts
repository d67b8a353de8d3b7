import type { ProxyFault } from '../../support/faulty-proxy.ts';
import type { Random } from './random.ts';

/** Shares of requests that are struck; the SDK tries four times by itself, so these alone rarely fail a call. */
const THROTTLED = 0.02;
const ANSWER_LOST = 0.01;

/** How long a hot process takes no writes: longer than the SDK tries, so that its updates fail and come again. */
const HOT_MS = 3_000;
/** Few: each update that fails pauses 5 seconds the first time, 20 the second and 80 the third. */
const HOT_PROCESSES = 4;
/** The share of writes that make their process hot. */
const BECOMES_HOT = 0.01;

/** Decides which requests to the database fail, while it is to fail. */
export class DatabaseFaults {
  isFailing = false;
  /** How often what struck. */
  readonly struck = { throttles: 0, hotProcesses: 0, lostAnswers: 0 };
  readonly #random: Random;
  #hot: { key: string; until: number } | undefined;

  constructor(random: Random) {
    this.#random = random;
  }

  faultOf(operation: string, body: string): ProxyFault | undefined {
    if (!this.isFailing) return undefined;
    if (
      this.#isHot(operation, body) ||
      this.#isStruck(THROTTLED, ['UpdateItem', 'PutItem', 'Query'], operation)
    ) {
      this.struck.throttles += 1;
      return 'THROTTLE';
    }
    if (!this.#isStruck(ANSWER_LOST, ['UpdateItem', 'PutItem'], operation)) return undefined;
    this.struck.lostAnswers += 1;
    return 'LOSE_ANSWER';
  }

  #isStruck(share: number, operations: readonly string[], operation: string): boolean {
    return operations.includes(operation) && this.#random.chance(share);
  }

  /** Whether a write is to the process that takes none now, as when its partition is overloaded. */
  #isHot(operation: string, body: string): boolean {
    const [key] = /"Key":\{"id":\{"S":"[^"]*"\}\}/.exec(body) ?? [];
    if (operation !== 'UpdateItem' || key === undefined) return false;
    const now = Date.now();
    if (this.#hot !== undefined && now < this.#hot.until) return this.#hot.key === key;
    if (this.struck.hotProcesses === HOT_PROCESSES || !this.#random.chance(BECOMES_HOT)) return false;
    this.struck.hotProcesses += 1;
    this.#hot = { key, until: now + HOT_MS };
    return true;
  }
}
