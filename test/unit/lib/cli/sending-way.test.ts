import { expect, test } from 'vitest';
import { sendingWay } from '../../../../lib/cli/sending-way.ts';
import type { SubmitFlags } from '../../../../lib/cli/submit-flags.ts';

const flags: SubmitFlags = { procedure: 'lead', clearMarker: '\\N', batchSize: 10_000 };

test('a file of more than a request is one job', () => {
  expect(sendingWay(10_001, flags)).toEqual({ isFileJob: true });
  expect(sendingWay(10_000, flags)).toEqual({ isFileJob: false });
  expect(sendingWay(10_001, { ...flags, upsert: true, canary: 5 })).toEqual({ isFileJob: true });
});

test.each([{ requests: true }, { dryRun: true }, { batchSize: 500 }] as const)(
  'with %j it is sent in requests, as the user wants it',
  (wanted) => {
    expect(sendingWay(10_001, { ...flags, ...wanted })).toEqual({ isFileJob: false });
  },
);

test.each([
  ['plan', { plan: true }],
  ['reject-invalid', { rejectInvalid: true }],
  ['create', { create: true }],
] as const)('with --%s it is sent in requests, and that is said', (name, wanted) => {
  const { isFileJob, notice } = sendingWay(10_001, { ...flags, ...wanted });
  expect([isFileJob, notice]).toEqual([
    false,
    `The file is sent in requests of at most 10,000 items, each a job of its own, as --${name} does not go with one job for the whole file.`,
  ]);
  expect(sendingWay(10_000, { ...flags, ...wanted }).notice).toBeUndefined();
});
