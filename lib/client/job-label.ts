import { jsonText } from './json-text.ts';

/** What to call a job, and where its items come from. The API shows it, and it changes nothing else. */
export interface JobLabel {
  /** 1 to 200 characters. */
  name?: string;
  source?: {
    /** Name of a file, 1 to 255 characters. */
    file?: string;
    /** Line of each item, from 1. Entries then show it. */
    lines?: readonly number[];
  };
}

/** What keeps the rest of a request from being applied when too many of its items fail. The job then ends as `ABORTED`. */
export interface Safeguards {
  /** Number of valid items, 1 to 10,000, that are applied first. The others follow when few enough of them have failed. */
  canary?: number;
  /** Stops the job when more of its processed items have failed. Without it, a canary allows for no failure. */
  abortOn?: {
    /** 0 to 100 */
    errorPercent: number;
    /**
     * Number of processed items from which on the failures are looked at.
     * @default 100
     */
    after?: number;
  };
}

/** Options in the body of a request that updates or creates. */
export interface CreateOptions extends JobLabel, Safeguards {
  /**
   * `reject`: if any item is invalid, the whole request is refused with an {@link ApiError} 422 `INVALID_ITEMS`, and
   * nothing is accepted.
   * @default 'skip', which accepts the valid items
   */
  onInvalid?: 'skip' | 'reject';
  /**
   * Stores the request as a plan: the job is `PLANNED`, its entries carry what would become of them in `plan`, and
   * nothing is applied before `approve`.
   */
  plan?: boolean;
}

/** Options in the body of a request. */
export interface BodyOptions extends CreateOptions {
  /**
   * `create`: an item whose primary key no process has creates it. An item with an id, with `expect` or `isDeleted` does not.
   * @default 'error'
   */
  onMissing?: 'error' | 'create';
}

/** Maximum number of characters of a name. */
const MAX_NAME = 200;

/** What jobs are called whose items come from a file. @param file - its name without its folders */
export function labelOfFile(file: string): { name: string; file: string } {
  // Windows allows names that are not valid Unicode, which no request can hold.
  const valid = file.toWellFormed();
  return { name: [...valid].slice(0, MAX_NAME).join(''), file: valid };
}

/** Adds options to a request. @param body - JSON text of an object that has members, and no options */
export function withOptions(body: string, options: BodyOptions): string {
  if (Object.keys(options).length === 0) return body;
  return `${body.slice(0, -1)},"options":${jsonText('options', options)}}`;
}
