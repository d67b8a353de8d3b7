import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { definedOf } from '../../lambdas/contract/defined-of.ts';
import { printable } from '../../lambdas/contract/printable.ts';
import type { LocalCredentials } from './credentials.ts';
import type { Template } from './template.ts';

/** Maximum number of concurrent invocations of a function; more wait for a processor. */
const MAX_CONCURRENCY = Math.min(8, 2 * availableParallelism());

const worker = fileURLToPath(new URL('./function-worker.ts', import.meta.url));

export interface Invocation {
  event: unknown;
  requestId: string;
  deadline: number;
}

/** What a worker answers. */
export type Answer = { result: unknown } | { error: { name: string; message: string } };

/** An invocation that ended without a response: the function threw, died, or exceeded its time limit. */
export class InvocationError extends Error {
  readonly isTimeout: boolean;

  constructor(message: string, isTimeout = false) {
    super(message);
    this.name = 'InvocationError';
    this.isTimeout = isTimeout;
  }
}

/**
 * Runs the template's bundled functions as Lambda does: each environment is a process of its own that takes
 * one invocation at a time, is reused, and is killed at the time limit.
 */
export class FunctionHost {
  readonly #functions = new Map<string, LocalFunction>();

  /** @param environment - variables that point the AWS SDK to the local services */
  constructor(
    template: Template,
    environment: LocalCredentials & Record<`AWS_ENDPOINT_URL_${string}`, string>,
  ) {
    for (const [id, properties] of template.ofType('AWS::Lambda::Function')) {
      const { Variables = {} } = (template.resolve(properties.Environment) ?? {}) as {
        Variables?: Record<string, string>;
      };
      this.#functions.set(
        id,
        new LocalFunction({
          module: join(template.assetPath(id), 'index.mjs'),
          timeoutMs: Number(properties.Timeout ?? 3) * 1000,
          memoryMb: Number(properties.MemorySize ?? 128),
          environment: {
            ...Variables,
            ...environment,
            AWS_LAMBDA_FUNCTION_NAME: id,
            // Nobody adds them up here.
            POWERTOOLS_METRICS_DISABLED: 'true',
            POWERTOOLS_LOG_LEVEL: process.env.POWERTOOLS_LOG_LEVEL ?? 'ERROR',
            ...definedOf({ PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
          },
        }),
      );
    }
  }

  /** @throws InvocationError when the function does not answer */
  invoke(id: string, event: unknown, requestId: string): Promise<unknown> {
    const found = this.#functions.get(id);
    if (found === undefined) throw new Error(`The template has no function ${id}`);
    return found.invoke(event, requestId);
  }

  /** Starts one environment of each function, so that the first request need not wait for it. */
  async warmUp(): Promise<void> {
    await Promise.all([...this.#functions.values()].map((found) => found.warmUp()));
  }

  /** The processes that run the environments of a function. */
  processesOf(id: string): ChildProcess[] {
    return this.#functions.get(id)?.processes ?? [];
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#functions.values()].map((found) => found.stop()));
  }
}

interface FunctionOptions {
  module: string;
  timeoutMs: number;
  memoryMb: number;
  environment: Record<string, string>;
}

class LocalFunction {
  readonly #options: FunctionOptions;
  readonly #all = new Set<ChildProcess>();
  readonly #idle: ChildProcess[] = [];
  readonly #waiting: ((environment: ChildProcess) => void)[] = [];

  constructor(options: FunctionOptions) {
    this.#options = options;
  }

  get processes(): ChildProcess[] {
    return [...this.#all];
  }

  async warmUp(): Promise<void> {
    const environment = this.#start();
    const exited = once(environment, 'exit').then(() => {
      throw new InvocationError(`${this.#options.module} cannot be loaded`);
    });
    await Promise.race([once(environment, 'message'), exited]);
    exited.catch(() => {});
    this.#release(environment);
  }

  async invoke(event: unknown, requestId: string): Promise<unknown> {
    const environment = await this.#acquire();
    const { timeoutMs } = this.#options;
    const answer = new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new InvocationError(`Task timed out after ${timeoutMs} ms`, true));
        environment.kill('SIGKILL');
      }, timeoutMs);
      const stopWaiting = () => {
        clearTimeout(timer);
        environment.off('message', onMessage).off('exit', onExit);
      };
      const onMessage = (message: Answer | 'ready') => {
        if (message === 'ready') return;
        stopWaiting();
        resolve(message);
      };
      const onExit = () => {
        stopWaiting();
        reject(new InvocationError('The function exited before it answered'));
      };
      environment.on('message', onMessage).once('exit', onExit);
    });
    const invocation: Invocation = { event, requestId, deadline: Date.now() + timeoutMs };
    environment.send(invocation, () => {});
    try {
      const outcome = await answer;
      if ('error' in outcome) throw new InvocationError(outcome.error.message);
      return outcome.result;
    } finally {
      this.#release(environment);
    }
  }

  async #acquire(): Promise<ChildProcess> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#all.size < MAX_CONCURRENCY) return this.#start();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Gives the environment, or a new one if it died, to who waits longest. */
  #release(environment: ChildProcess): void {
    const isAlive = this.#all.has(environment) && environment.exitCode === null && !environment.killed;
    if (!isAlive) this.#all.delete(environment);
    const next = this.#waiting.shift();
    if (next !== undefined) next(isAlive ? environment : this.#start());
    else if (isAlive) this.#idle.push(environment);
  }

  #start(): ChildProcess {
    const { module, memoryMb, environment } = this.#options;
    const child = fork(worker, [module], {
      env: environment,
      execArgv: [`--max-old-space-size=${memoryMb}`],
      // Its own group: Ctrl-C in the terminal must not end it before its invocation has.
      detached: true,
      silent: true,
    });
    // What it logs may hold text of clients.
    child.stdout?.setEncoding('utf8').on('data', (text) => process.stdout.write(printable(text)));
    child.stderr?.setEncoding('utf8').on('data', (text) => process.stderr.write(printable(text)));
    this.#all.add(child);
    child.once('exit', () => {
      this.#all.delete(child);
      const position = this.#idle.indexOf(child);
      if (position >= 0) this.#idle.splice(position, 1);
    });
    return child;
  }

  async stop(): Promise<void> {
    await Promise.all(
      [...this.#all].map(async (child) => {
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      }),
    );
  }
}
