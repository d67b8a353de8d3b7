import { setTimeout as delay } from 'node:timers/promises';

/** Goes on in the background until it is stopped. */
export abstract class Background {
  readonly #stopped = new AbortController();
  #running: Promise<void> | undefined;

  start(): void {
    this.#running = this.run();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  protected get isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  /** Ends when it is stopped. */
  protected abstract run(): Promise<void>;

  /** Waits, but not for longer than it goes on. */
  protected async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stopped.signal }).catch(() => {});
  }
}
