import fc from 'fast-check';
import { type FilesPlan, filesPlanArbitrary } from './file-plan.ts';
import { simulateFiles } from './file-simulation.ts';
import { type Plan, planArbitrary } from './plan.ts';
import { simulate } from './simulation.ts';

/** A schedule after which something was not as guaranteed. */
export interface Violation {
  /** These two replay it: `npm run guarantees -- --seed <seed> --path <path>`, with `--files` where it has file jobs. */
  seed: number;
  path: string;
  /** The smallest schedule found that shows it. */
  plan: Plan | FilesPlan;
  violations: string[];
}

export interface CheckOptions {
  runs: number;
  seed: number;
  /** Of a violation, to go there at once. */
  path?: string;
  /** Whether a violation is given as it was found. */
  isFast: boolean;
  /** Whether the schedules have file jobs. */
  isFiles: boolean;
}

/** Runs random schedules. @returns the first violation, made as small as it gets, or undefined */
export async function checkSchedules({
  runs,
  seed,
  path,
  isFast,
  isFiles,
}: CheckOptions): Promise<Violation | undefined> {
  const plans: fc.Arbitrary<Plan | FilesPlan> = isFiles ? filesPlanArbitrary : planArbitrary;
  const property = fc.asyncProperty(plans, async (plan) => {
    const violations = await violationsOf(plan);
    if (violations.length > 0) throw new Error(violations.join('\n'));
  });
  const details = await fc.check(property, {
    numRuns: runs,
    seed,
    endOnFailure: isFast,
    ...(path === undefined ? {} : { path }),
  });
  if (!details.failed || details.counterexample === null) return undefined;
  const [plan] = details.counterexample;
  return { seed, path: details.counterexamplePath ?? '', plan, violations: await violationsOf(plan) };
}

/** A schedule that comes to no rest is one, too. */
export async function violationsOf(plan: Plan | FilesPlan): Promise<string[]> {
  try {
    return await ('stepLimitMs' in plan ? simulateFiles(plan) : simulate(plan));
  } catch (error) {
    return [String(error)];
  }
}
