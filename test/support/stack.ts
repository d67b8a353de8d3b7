import { inject } from 'vitest';
import type { TestedStack } from './stack-setup.ts';

/** The stack of this worker, which no file of another one uses at the same time. */
export const stack: TestedStack = stackOf(inject('stacks'), Number(process.env.VITEST_POOL_ID));

function stackOf(stacks: readonly TestedStack[], worker: number): TestedStack {
  const own = stacks[worker - 1];
  if (own === undefined) throw new Error(`No stack was started for worker ${worker}`);
  return own;
}
