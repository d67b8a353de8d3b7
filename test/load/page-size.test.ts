import { describe, expect, it } from 'vitest';
import { type ListedEntry, listEntries } from '../../lambdas/domain/list-entries.ts';
import { entryBytes, formatEntries } from '../../lambdas/http/entries-format.ts';
import { MAX_RESPONSE_BYTES } from '../../lambdas/http/response-size.ts';
import { accepting } from '../support/accepting.ts';
import { aPage } from '../support/builders.ts';

const world = accepting();

describe('entries', () => {
  it.each([undefined, 'text/csv', 'application/x-ndjson'] as const)(
    'as %s fill a page as far as the function can answer it, whatever has to be escaped',
    async (format) => {
      const { job } = await world.accept(
        Array.from({ length: 60 }, () => ({
          lead_id: '"'.repeat(40_000),
          data: { city: '\\"'.repeat(2_000) },
        })),
      );
      const bytesOf = (listed: ListedEntry) => entryBytes(format, listed, { primaryKey: 'lead_id' });
      const query = aPage({ maxBytes: MAX_RESPONSE_BYTES, bytesOf });
      const { listed, next } = await listEntries({ job, log: [] }, query, world.ports);
      const text =
        format === undefined
          ? JSON.stringify(listed.map(({ entry }) => entry))
          : formatEntries(format, listed, { primaryKey: 'lead_id' });
      const bytes = Buffer.byteLength(JSON.stringify({ body: text }));
      expect(bytes).toBeLessThan(MAX_RESPONSE_BYTES + 1_000);
      expect(bytes).toBeGreaterThan(MAX_RESPONSE_BYTES * 0.9);
      expect(next).toBe(listed.length);
    },
  );
});
