import { MAX_ENTRIES } from '../../lambdas/contract/limits.ts';
import { number } from './progress.ts';
import type { SubmitFlags } from './submit-flags.ts';

/** How a file is sent. */
export interface SendingWay {
  /** As one job, not as one for each request. */
  isFileJob: boolean;
  /** What the user should know of it. */
  notice?: string;
}

/** Chooses how a file is sent. @param total - number of its rows */
export function sendingWay(total: number, flags: SubmitFlags): SendingWay {
  // A file of one request needs no other way. Who chooses the size of requests wants some.
  if (total <= MAX_ENTRIES || flags.requests || flags.dryRun || flags.batchSize !== MAX_ENTRIES)
    return { isFileJob: false };
  const flag = flagOfRequests(flags);
  if (flag === undefined) return { isFileJob: true };
  const items = number.format(MAX_ENTRIES);
  return {
    isFileJob: false,
    notice: `The file is sent in requests of at most ${items} items, each a job of its own, as --${flag} does not go with one job for the whole file.`,
  };
}

/** What a file job cannot do: it applies its first rows before it has read the last. */
function flagOfRequests({ plan, rejectInvalid, create }: SubmitFlags): string | undefined {
  if (plan) return 'plan';
  if (rejectInvalid) return 'reject-invalid';
  return create ? 'create' : undefined;
}
