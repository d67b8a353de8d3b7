import { setTimeout as delay } from 'node:timers/promises';
import type { ChaosStack, KilledFunction } from './chaos-stack.ts';
import type { Random } from './random.ts';

export interface KillerOptions {
  /** Milliseconds from one kill to the next. */
  pause: { least: number; most: number };
  /**
   * So often accepting is struck at most: its clients then wait out the function's time limit of 28 seconds,
   * and the jobs left behind take 15 more to end.
   */
  acceptKills: number;
}

/** How often each function is picked, beside the others. */
const TURNS: KilledFunction[] = ['Apply', 'Apply', 'Apply', 'CloseJob', 'Bury', 'Accept'];

/** Kills processes of functions with SIGKILL, at random times, as long as it runs. */
export class Killer {
  readonly kills: Record<KilledFunction, number> = { Accept: 0, Apply: 0, CloseJob: 0, Bury: 0 };
  readonly #stack: ChaosStack;
  readonly #random: Random;
  readonly #options: KillerOptions;
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;

  constructor(stack: ChaosStack, random: Random, options: KillerOptions) {
    this.#stack = stack;
    this.#random = random;
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    const { least, most } = this.#options.pause;
    const pause = () => delay(this.#random.between(least, most), undefined, { signal }).catch(() => {});
    await pause();
    // First, since accepting may soon be over.
    for (let name: KilledFunction = 'Accept'; !signal.aborted; name = this.#random.pick(TURNS)) {
      this.#kill(name);
      await pause();
    }
  }

  /** Of accepting all processes, so that a request is struck; of the others, of which there are many, one. */
  #kill(name: KilledFunction): void {
    if (name === 'Accept' && this.kills.Accept === this.#options.acceptKills) return;
    const { local, functionId } = this.#stack;
    const processes = local.functions.processesOf(functionId(name));
    const struck = name === 'Accept' ? processes : this.#random.shuffle(processes).slice(0, 1);
    for (const process of struck) process.kill('SIGKILL');
    if (struck.length > 0) this.kills[name] += 1;
  }
}
