import { Background } from './background.ts';
import type { ChaosStack, KilledFunction } from './chaos-stack.ts';
import type { Random } from './random.ts';

export interface KillerOptions {
  /** Milliseconds from one kill to the next. */
  pause: { least: number; most: number };
  /**
   * Maximum number of kills of accept: its clients then wait out the function's time limit of 28 seconds, and the jobs
   * left behind take 15 more to end.
   */
  acceptKills: number;
}

/** How often each function is picked, beside the others. */
const TURNS: KilledFunction[] = ['Apply', 'Apply', 'Apply', 'FinalizeJob', 'DeadLetter', 'Accept'];

/** Kills processes of functions with SIGKILL, at random times, as long as it runs. */
export class Killer extends Background {
  readonly kills: Record<KilledFunction, number> = { Accept: 0, Apply: 0, FinalizeJob: 0, DeadLetter: 0 };
  readonly #stack: ChaosStack;
  readonly #random: Random;
  readonly #options: KillerOptions;

  constructor(stack: ChaosStack, random: Random, options: KillerOptions) {
    super();
    this.#stack = stack;
    this.#random = random;
    this.#options = options;
  }

  protected async run(): Promise<void> {
    const { least, most } = this.#options.pause;
    const pause = () => this.pause(this.#random.between(least, most));
    await pause();
    // First, since accepting may soon be over.
    for (let name: KilledFunction = 'Accept'; !this.isStopped; name = this.#random.pick(TURNS)) {
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
