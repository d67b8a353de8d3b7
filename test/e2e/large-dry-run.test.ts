import { expect, test } from 'vitest';
import { call } from '../support/api.ts';

/** Leads of the sample that no other test deletes: `LEAD-02001` to `LEAD-02900`. */
const LEADS = 900;

test('a dry run of 10,000 items is answered in time', async () => {
  const processes = Array.from({ length: 10_000 }, (_, i) => ({
    lead_id: `LEAD-${String((i % LEADS) + 2_001).padStart(5, '0')}`,
    data: { city: `City ${i}` },
  }));
  const { status, body } = await call('/v1/ext/procedure/lead/process?dryRun=true', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ processes }),
  });
  expect(status).toBe(200);
  expect(body._meta).toMatchObject({ total: 10_000, bjEntryCompletionStatusVsCount: { SUCCESS: 10_000 } });
});
