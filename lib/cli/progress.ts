import { MultiBar, type SingleBar } from 'cli-progress';
import { printable } from '../../lambdas/contract/printable.ts';

/** Shows the user the progress of a run. */
export interface Progress {
  /**
   * @param phase - what is done, e.g. `sent`
   * @param detail - what follows the numbers, e.g. ` MB`
   */
  update(phase: string, done: number, total: number, detail?: string): void;
  note(message: string): void;
  stop(): void;
}

export const number = new Intl.NumberFormat('en');

/** Makes bars on a terminal, lines elsewhere. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? new Bars(stream) : new Lines(stream);
}

class Bars implements Progress {
  readonly #bars: MultiBar;
  readonly #byPhase = new Map<string, SingleBar>();

  constructor(stream: NodeJS.WriteStream) {
    this.#bars = new MultiBar({
      stream,
      format: '{phase} {bar} {percentage}% · {shown} of {all}{detail}',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 32,
      hideCursor: true,
      forceRedraw: true,
      // It would take Ctrl-C for itself, and the command would keep running.
      gracefulExit: false,
    });
  }

  update(phase: string, done: number, total: number, detail = ''): void {
    const shown = { phase: phase.padEnd(9), shown: number.format(done), all: number.format(total), detail };
    const bar = this.#byPhase.get(phase);
    if (bar === undefined) this.#byPhase.set(phase, this.#bars.create(total, done, shown));
    else {
      bar.setTotal(total);
      bar.update(done, shown);
    }
  }

  note(message: string): void {
    this.#bars.log(`${printable(message)}\n`);
    this.#bars.update();
  }

  stop(): void {
    this.#bars.stop();
  }
}

class Lines implements Progress {
  readonly #stream: NodeJS.WriteStream;
  #last = '';

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  update(phase: string, done: number, total: number, detail = ''): void {
    const line = `${phase} ${number.format(done)} of ${number.format(total)}${detail}`;
    if (line !== this.#last) this.note(line);
    this.#last = line;
  }

  note(message: string): void {
    this.#stream.write(`${printable(message)}\n`);
  }

  stop(): void {}
}
