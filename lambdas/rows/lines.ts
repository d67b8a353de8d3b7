/** Maximum number of lines that a message names. */
const MAX_LINES = 5;

/** What the number of a row counts. */
export type LineNoun = 'line' | 'row';

/** Counts lines of a file, or rows of a sheet, and remembers the first of them. */
export class Lines {
  readonly #noun: LineNoun;
  readonly #first: number[] = [];
  #count = 0;
  #last: number | undefined;

  constructor(noun: LineNoun = 'line') {
    this.#noun = noun;
  }

  /** Counts a line once, though several of its cells may be meant. */
  add(line: number): void {
    if (line === this.#last) return;
    this.#last = line;
    this.#count += 1;
    if (this.#first.length < MAX_LINES) this.#first.push(line);
  }

  get count(): number {
    return this.#count;
  }

  /** Returns the message if there is any line. */
  messages(message: (lines: string) => string): string[] {
    if (this.#count === 0) return [];
    const more = this.#count - this.#first.length;
    const noun = this.#count === 1 ? this.#noun : `${this.#noun}s`;
    return [message(`${noun} ${this.#first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`)];
  }
}
