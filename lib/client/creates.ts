import type { Accepted, BulkUpdateClient, CreateOptions, DryRun, SubmitOptions } from './index.ts';
import { withOptions } from './job-label.ts';

/** Whether all items create their process, or those whose primary key no process has. */
export type Creates = 'all' | 'missing';

/** Items as JSON, and how they are sent. */
export interface SentItems {
  /** An object with `processes`, and no options. */
  body: string;
  creates?: Creates | undefined;
  options?: CreateOptions;
}

/** Submits items that update processes, create them, or create what is missing. */
export function submitItems(
  client: BulkUpdateClient,
  procedure: string,
  items: SentItems,
  options: SubmitOptions & { dryRun: true },
): Promise<DryRun>;
export function submitItems(
  client: BulkUpdateClient,
  procedure: string,
  items: SentItems,
  options: SubmitOptions & { dryRun?: false },
): Promise<Accepted>;
export function submitItems(
  client: BulkUpdateClient,
  procedure: string,
  { body, creates, options: inBody = {} }: SentItems,
  options: SubmitOptions & { dryRun?: boolean },
): Promise<Accepted | DryRun> {
  const asked = { ...options, dryRun: options.dryRun as true };
  if (creates === 'all') return client.createText(procedure, withOptions(body, inBody), asked);
  const onMissing = creates === 'missing' ? ({ onMissing: 'create' } as const) : {};
  return client.submitText(procedure, withOptions(body, { ...inBody, ...onMissing }), asked);
}
