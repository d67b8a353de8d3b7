import { expect, test } from 'vitest';
import { fuzz } from '../fuzz/fuzz.ts';
import { KEYS } from '../support/keys.ts';
import { stack } from '../support/stack.ts';
import { SAMPLE_SIZE } from '../support/stack-setup.ts';

/** The last leads of the sample, which no other test takes: these are changed and deleted. */
const LEADS = Array.from({ length: 40 }, (_, i) => `LEAD-${String(SAMPLE_SIZE - i).padStart(5, '0')}`);

test('60 generated requests are all answered as the description says, none with a fault of ours', async () => {
  const { failure, answers } = await fuzz({
    url: stack.baseUrl,
    requests: 60,
    seed: 1,
    keys: { valid: KEYS.local, others: [KEYS.other, KEYS.leadOnly] },
    leads: LEADS,
  });
  expect(failure).toBeUndefined();
  // It gets beyond the refusals.
  expect(answers['202']).toBeGreaterThan(2);
});
