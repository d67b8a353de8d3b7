import { describe, expect, it } from 'vitest';
import type { EntryCounts } from '../../../../lambdas/contract/statuses.ts';
import type { DryRunEntry } from '../../../../lambdas/contract/views.ts';
import { dryRun } from '../../../../lambdas/domain/dry-run.ts';
import { countedParts, dryRunResponse } from '../../../../lambdas/http/dry-run-response.ts';
import { entryBytes } from '../../../../lambdas/http/entries-format.ts';
import { MAX_RESPONSE_BYTES } from '../../../../lambdas/http/response-size.ts';
import { accepting, aRequest } from '../../../support/accepting.ts';
import { MemoryProcesses } from '../../../support/memory.ts';

const world = accepting();

describe('a dry run', () => {
  it('is refused when its answer would be too large, as it is sent', () => {
    const entry = { index: 0, identifier: { lead_id: '\\"'.repeat(1_000) } } as unknown as DryRunEntry;
    const answer = (count: number) => {
      const entries = Array<DryRunEntry>(count).fill(entry);
      entries.forEach(countedParts());
      return dryRunResponse({ entries, counts: {} as EntryCounts });
    };
    const most = Math.floor(
      MAX_RESPONSE_BYTES / entryBytes(undefined, { entry, item: {} }, { primaryKey: 'lead_id' }),
    );
    const { data } = answer(most);
    expect(Buffer.byteLength(JSON.stringify(JSON.stringify(data)))).toBeLessThan(MAX_RESPONSE_BYTES + 1_000);
    expect(() => answer(most + 1)).toThrow('too large');
  });

  it('is refused as soon as its errors do not fit, before the other items are checked', async () => {
    let checked = 0;
    const data = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`unknown${i}`, 1]));
    const sent = Array.from({ length: 10_000 }, () => ({ id: 'a', data }));
    const count = countedParts();
    const run = dryRun(aRequest(sent), {
      processes: () => new MemoryProcesses([]),
      now: () => world.now,
      deadline: () => world.now,
      onFailure: () => {},
      onChanges: () => {},
      onEntry: (entry) => {
        checked += 1;
        count(entry);
      },
    });
    await expect(run).rejects.toThrow('too large');
    expect(checked).toBeLessThan(1_000);
  });
});
