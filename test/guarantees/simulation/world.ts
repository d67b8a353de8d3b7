import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

interface Event {
  time: number;
  /** Among events of the same time, those planned first come first. */
  number: number;
  act: () => void;
}

/**
 * Virtual time and chance: everything that happens in a simulation is an event of its world, and a seed decides
 * all of it.
 */
export class World {
  /** Epoch ms. */
  now = 1_800_000_000_000;
  readonly #random: () => number;
  readonly #events: Event[] = [];
  readonly #isThorough: boolean;
  #planned = 0;

  /**
   * @param isThorough - whether all that follows from an event happens before the next: where code of others takes many
   * steps, and fewer when it has done the same before
   */
  constructor(seed: number, isThorough = false) {
    this.#isThorough = isThorough;
    this.#random = mulberry32(seed);
    takeOverChance(this.#random);
    // Nobody reads where the thousands of injected errors come from.
    Error.stackTraceLimit = 0;
  }

  /** A number from 0 to below `below`. */
  number(below: number): number {
    return this.#random() * below;
  }

  /** Whether something happens that has this probability. */
  happens(probability: number): boolean {
    return probability > 0 && this.#random() < probability;
  }

  /** One of several. */
  pick<Choice>(choices: readonly Choice[]): Choice | undefined {
    return choices[Math.floor(this.number(choices.length))];
  }

  after(ms: number, act: () => void): void {
    push(this.#events, { time: this.now + ms, number: this.#planned++, act });
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /**
   * Lets events happen, each with what follows from it at once, until none is left.
   * @throws Error when that takes more events than a pipeline which comes to rest needs
   */
  async run(maxEvents: number): Promise<void> {
    for (let count = 0; this.#events.length > 0; count++) {
      if (count > maxEvents) throw new Error(`The pipeline is not at rest after ${maxEvents} events`);
      const event = pop(this.#events);
      this.now = Math.max(this.now, event.time);
      event.act();
      if (this.#isThorough) {
        await microtasksDone();
        continue;
      }
      for (let step = 0; step < STEPS; step++) await undefined;
      const next = this.#events[0]?.time ?? Number.POSITIVE_INFINITY;
      if (next - this.now > LONG_MS) await microtasksDone();
    }
  }
}

/**
 * So many steps of promises follow from an event before the next happens, and all of them when that is so long
 * after. Turning the event loop at each event would take a third of the time.
 */
const STEPS = 20;
const LONG_MS = 50;

/** Promises that need nothing but other promises have settled when the event loop comes to its next turn. */
function microtasksDone(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The code under test draws pauses and ids itself: in a simulation those come from the seed, too. */
function takeOverChance(random: () => number): void {
  Math.random = random;
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  crypto.randomUUID = () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
  syncBuiltinESMExports();
}

/** https://github.com/cprosche/mulberry32 */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const isBefore = (a: Event, b: Event) => a.time < b.time || (a.time === b.time && a.number < b.number);

/** A binary heap: the earliest event is the first. */
function push(heap: Event[], event: Event): void {
  let position = heap.length;
  while (position > 0) {
    const parent = (position - 1) >> 1;
    const above = heap[parent] as Event;
    if (!isBefore(event, above)) break;
    heap[position] = above;
    position = parent;
  }
  heap[position] = event;
}

function pop(heap: Event[]): Event {
  const first = heap[0] as Event;
  const last = heap.pop() as Event;
  if (heap.length === 0) return first;
  let position = 0;
  for (;;) {
    let child = 2 * position + 1;
    if (child >= heap.length) break;
    const right = heap[child + 1];
    if (right !== undefined && isBefore(right, heap[child] as Event)) child += 1;
    const below = heap[child] as Event;
    if (!isBefore(below, last)) break;
    heap[position] = below;
    position = child;
  }
  heap[position] = last;
  return first;
}
