import { expect, test } from 'vitest';
import { FileError } from '../../../../lambdas/rows/row.ts';
import { exitCodeOf, exitCodeOfError } from '../../../../lib/cli/exit-code.ts';
import { UsageError } from '../../../../lib/cli/usage-error.ts';
import { ApiError } from '../../../../lib/client/index.ts';

const NONE = { INVALID: 0, NOT_STARTED: 0, SUCCESS: 5, ERROR: 0, CANCELLED: 0 };

test.for([
  [{}, 0],
  [{ NOT_STARTED: 5 }, 0],
  [{ INVALID: 1 }, 1],
  [{ ERROR: 1 }, 1],
  [{ CANCELLED: 1 }, 1],
] as const)('entries %j make the exit code %i', ([counts, code]) => {
  expect(exitCodeOf({ ...NONE, ...counts })).toBe(code);
});

test.for([
  [new ApiError('', { status: 0 }), 3],
  [new ApiError('', { status: 429 }), 3],
  [new ApiError('', { status: 503 }), 3],
  [new ApiError('', { status: 401 }), 2],
  [new ApiError('', { status: 404 }), 2],
  [new FileError(['x']), 2],
  [new UsageError('x'), 2],
] as const)('%o makes the exit code %i', ([error, code]) => {
  expect(exitCodeOfError(error)).toBe(code);
});
