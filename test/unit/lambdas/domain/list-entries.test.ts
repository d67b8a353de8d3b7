import { describe, expect, it } from 'vitest';
import { acceptUpdates } from '../../../../lambdas/domain/accept-updates.ts';
import { type EntriesFilter, entriesWith, listEntries } from '../../../../lambdas/domain/list-entries.ts';
import { accepting, aRequest } from '../../../support/accepting.ts';
import { aJob, aPage } from '../../../support/builders.ts';

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
          aPage({ filter: { completionStatus }, from, limit: 700 }),
          world.ports,
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
    const page = await listEntries({ job, log: [] }, query, world.ports);
    expect(page.listed).toHaveLength(8);
    expect(page.next).toBe(8);
  });

  it('are listed by how they name their process, by their outcome, and with their lines', async () => {
    const items = [
      { id: 'LEAD-910', state: 'NEW' },
      { lead_id: 'LEAD-910', state: 'NEW' },
      { lead_id: 910, state: 'NEW' },
      { lead_id: 'lead-910', state: 'NEW' },
      { lead_id: 'LEAD-9', data: { citty: 'LEAD-910' } },
      { data: { lead_id: 'LEAD-910' } },
    ];
    const options = { source: { lines: [2, 3, 4, 5, 7, 9] } };
    const { job } = await acceptUpdates('job-1', { ...aRequest(items), options }, world.ports);
    const results = [0, 1].map((index) => ({ index, result: { outcome: 'APPLIED' as const }, attempts: 1 }));
    const log = [{ startedAt: 1, completedAt: 2, results }];
    const of = async (filter: EntriesFilter) => {
      const page = await listEntries({ job, log }, aPage({ filter }), world.ports);
      expect(page.next).toBeUndefined();
      return page.listed.map(({ entry }) => [entry.index, entry.line]);
    };
    expect(await of({ identifier: 'LEAD-910' })).toEqual([
      [0, 2],
      [1, 3],
    ]);
    expect(await of({ identifier: '910' })).toEqual([[2, 4]]);
    expect(await of({ identifier: 'LEAD-9' })).toEqual([[4, 7]]);
    expect(await of({ identifier: 'LEAD-910', completionStatus: 'INVALID' })).toEqual([]);
    expect(await of({ outcome: 'APPLIED' })).toEqual([
      [0, 2],
      [1, 3],
    ]);
    expect(await of({ outcome: 'UNCHANGED' })).toEqual([]);
    expect(
      [
        {},
        { completionStatus: 'INVALID' as const },
        { outcome: 'APPLIED' as const },
        { outcome: 'APPLIED' as const, completionStatus: 'ERROR' as const },
      ].map((filter) => entriesWith({ job, log }, filter)),
    ).toEqual([6, 2, 2, 0]);
  });

  it('are found by a number as it was written, and as it is indexed', async () => {
    const text = '{"lead_id":1.50,"state":"NEW"}';
    const submitted = { item: { lead_id: 1.5 }, text, key: '1.5' };
    const of = async (identifier: string) => {
      const submissions = { store: async () => {}, readChunk: async () => [submitted] };
      const page = await listEntries(
        { job: aJob({ total: 1, invalid: 0 }), log: [] },
        aPage({ filter: { identifier } }),
        { ...world.ports, submissions },
      );
      return page.listed.length;
    };
    expect([await of('1.50'), await of('1.5'), await of('1')]).toEqual([1, 1, 0]);
  });

  it('that a filter does not find are looked for in a bounded part of the submission at a time', async () => {
    const read: number[] = [];
    const submissions = {
      store: async () => {},
      readChunk: async (_jobId: string, chunk: number) => {
        read.push(chunk);
        return [{ item: { id: `p${chunk}` } }];
      },
    };
    const job = aJob({ total: 40, invalid: 0, chunkStarts: Array.from({ length: 40 }, (_, i) => i) });
    const pages: (number | undefined)[] = [];
    for (let from: number | undefined = 0; from !== undefined; ) {
      const page = await listEntries({ job, log: [] }, aPage({ filter: { identifier: 'x' }, from }), {
        ...world.ports,
        submissions,
      });
      expect(page.listed).toEqual([]);
      from = page.next;
      pages.push(from);
    }
    expect(pages).toEqual([16, 32, undefined]);
    expect(read).toHaveLength(40);
  });

  it('that need a result are not looked for in chunks whose results do not have it', async () => {
    const read: number[] = [];
    const submissions = {
      store: async () => {},
      readChunk: async (_jobId: string, chunk: number) => {
        read.push(chunk);
        return [{ item: { id: `p${chunk}` } }];
      },
    };
    const starts = Array.from({ length: 40 }, (_, i) => i);
    const job = aJob({ total: 40, invalid: 1, chunkStarts: starts });
    const results = starts.slice(1).map((index) => ({
      ...{ index, attempts: 1 },
      result: index === 30 ? ({ error: 'PROCESS_NOT_FOUND' } as const) : ({ outcome: 'APPLIED' } as const),
    }));
    const log = [{ startedAt: 1, completedAt: 2, results }];
    const of = async (filter: EntriesFilter) => {
      read.length = 0;
      const page = await listEntries({ job, log }, aPage({ filter }), { ...world.ports, submissions });
      return [page.listed.map(({ entry }) => entry.index), read.length, page.next];
    };
    expect(await of({ completionStatus: 'ERROR' })).toEqual([[30], 1, undefined]);
    expect(await of({ outcome: 'UNCHANGED' })).toEqual([[], 0, undefined]);
    expect(await of({ outcome: 'APPLIED', completionStatus: 'ERROR' })).toEqual([[], 0, undefined]);
    // An invalid entry has no result.
    expect(await of({ completionStatus: 'INVALID' })).toEqual([[], 16, 16]);
  });
});
