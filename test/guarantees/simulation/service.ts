import type { World } from './world.ts';

/** How often what goes wrong, as probabilities of one request. */
export interface ServiceFaults {
  /** Refused, and nothing done. */
  refused: number;
  /** Done, and the answer lost. */
  answerLost: number;
  /** Given up by the client, and done some time later. */
  late: number;
  /** Sent only after a while: the environment stands still, or has no processor. */
  stalled: number;
  /** A request and its answer each take from 1 ms to so many more: 20 unless told. */
  latencyMs?: number;
}

export const NO_FAULTS: ServiceFaults = { refused: 0, answerLost: 0, late: 0, stalled: 0 };

/** Who calls a service; what is killed hears no answer any more. */
export interface Caller {
  isAlive: boolean;
}

/** As the clients are configured; see `createDocumentClient`. */
const MAX_ATTEMPTS = 4;
const REQUEST_TIMEOUT_MS = 1_000;
const PAUSE_MS = 100;

const LATENCY_MS = 20;
/** Nearly as long as the longest invocation. */
const STALL_MS = 27_000;

/** An answer of a service that says no for now: the client tries again. */
export class ServiceError extends Error {
  /** As errors of the SDK have it. */
  readonly $metadata = {};

  constructor(name: string) {
    super(`${name} (injected)`);
    this.name = name;
  }
}

/**
 * Takes a request to a service and back as an SDK client does over a real network: it arrives after a while, the
 * answer takes a while, and what fails for a passing reason is repeated, though it may have been done.
 */
export class Connection {
  readonly #world: World;
  readonly #caller: Caller;
  readonly #faults: () => ServiceFaults;

  constructor(world: World, caller: Caller, faults: () => ServiceFaults) {
    this.#world = world;
    this.#caller = caller;
    this.#faults = faults;
  }

  /** @param perform - what the service does, at once and as a whole; it may throw */
  call<Answer>(perform: () => Answer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const answer = (settle: () => void) =>
        this.#world.after(this.#latency(), () => {
          if (this.#caller.isAlive) settle();
        });
      const begin = () =>
        this.#attempt(
          1,
          perform,
          (value) => answer(() => resolve(value)),
          (error) => answer(() => reject(error)),
        );
      if (!this.#world.happens(this.#faults().stalled)) begin();
      else {
        this.#world.after(this.#world.number(STALL_MS), () => {
          if (this.#caller.isAlive) begin();
        });
      }
    });
  }

  #attempt<Answer>(
    attempt: number,
    perform: () => Answer,
    succeed: (answer: Answer) => void,
    fail: (error: unknown) => void,
  ): void {
    const { refused, answerLost, late } = this.#faults();
    const again = (error: Error, ms: number) =>
      this.#world.after(ms, () => {
        if (!this.#caller.isAlive) return;
        if (attempt === MAX_ATTEMPTS) fail(error);
        else this.#attempt(attempt + 1, perform, succeed, fail);
      });
    if (this.#world.happens(refused)) {
      again(new ServiceError('ThrottlingException'), PAUSE_MS * 2 ** attempt);
    } else if (this.#world.happens(late)) {
      this.#world.after(this.#world.number(2 * REQUEST_TIMEOUT_MS), () => silently(perform));
      again(new ServiceError('TimeoutError'), REQUEST_TIMEOUT_MS);
    } else if (this.#world.happens(answerLost)) {
      this.#world.after(this.#latency(), () => silently(perform));
      again(new ServiceError('TimeoutError'), REQUEST_TIMEOUT_MS);
    } else {
      this.#world.after(this.#latency(), () => {
        try {
          succeed(perform());
        } catch (error) {
          if (error instanceof ServiceError) again(error, PAUSE_MS * 2 ** attempt);
          else fail(error);
        }
      });
    }
  }

  #latency(): number {
    return 1 + this.#world.number(this.#faults().latencyMs ?? LATENCY_MS);
  }
}

/** Nobody hears the answer. */
function silently(perform: () => unknown): void {
  try {
    perform();
  } catch {}
}
