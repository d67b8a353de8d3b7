import type { DryRunEntry, Entry } from '../../lib/client/index.ts';

/** An entry as the API tells of it, applied unless it is said otherwise. */
export function entry(index: number, fields: Partial<Entry> = {}): Entry {
  return {
    index,
    identifier: { lead_id: `LEAD-${index}` },
    processId: `process-${index}`,
    completionStatus: 'SUCCESS',
    outcome: 'APPLIED',
    errors: [],
    line: null,
    attempts: 1,
    completedAt: 1_795_485_666_747,
    ...fields,
  };
}

/** The same of a dry run, which changes nothing unless it is said otherwise. */
export function dryRunEntry(index: number, fields: Partial<DryRunEntry> = {}): DryRunEntry {
  return { ...entry(index, fields), before: {}, after: {}, ...fields };
}
