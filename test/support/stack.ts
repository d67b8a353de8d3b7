import { inject } from 'vitest';
import type { TestedStack } from './stack-setup.ts';

/** The stack of this worker, which no file of another one uses at the same time. */
export const stack: TestedStack = {
  get baseUrl() {
    return own().baseUrl;
  },
  get local() {
    return own().local;
  },
};

function own(): TestedStack {
  const worker = Number(process.env.VITEST_POOL_ID);
  const found = inject('stacks')[worker - 1];
  if (found === undefined) throw new Error(`No stack was started for worker ${worker}`);
  return found;
}
