import { describe, expect, it } from 'vitest';
import { listEntries } from '../../../../lambdas/domain/list-entries.ts';
import { accepting } from '../../../support/accepting.ts';
import { aPage } from '../../../support/builders.ts';

const world = accepting();

describe('entries', () => {
  it('are listed page by page, each once, in the order of submission, with any filter', async () => {
    const items = Array.from({ length: 3_000 }, (_, i) =>
      i % 3 === 0 ? { nobody: i } : { id: `p${i}`, data: { city: 'x'.repeat(i % 500) } },
    );
    const { job } = await world.accept(items);
    expect(job.chunkStarts.length).toBeGreaterThan(1);
    for (const completionStatus of [undefined, 'INVALID', 'NOT_STARTED', 'SUCCESS'] as const) {
      const seen: number[] = [];
      for (let from: number | undefined = 0; from !== undefined; ) {
        const page = await listEntries(
          { job, log: [] },
          aPage({ completionStatus, from, limit: 700 }),
          world.ports.submissions,
        );
        expect(page.listed.length).toBeLessThanOrEqual(700);
        seen.push(...page.listed.map(({ entry }) => entry.index));
        from = page.next;
      }
      const fits = (i: number) =>
        completionStatus === undefined || completionStatus === (i % 3 === 0 ? 'INVALID' : 'NOT_STARTED');
      expect(seen).toEqual(items.map((_, i) => i).filter(fits));
    }
  });

  it('end a page early rather than to make it too large to be sent', async () => {
    const { job } = await world.accept(
      Array.from({ length: 30 }, (_, i) => ({ id: `p${i}`, data: { city: 'x'.repeat(300_000) } })),
    );
    const query = aPage({ maxBytes: 2_500_000, bytesOf: ({ item }) => JSON.stringify(item).length });
    const page = await listEntries({ job, log: [] }, query, world.ports.submissions);
    expect(page.listed).toHaveLength(8);
    expect(page.next).toBe(8);
  });
});
