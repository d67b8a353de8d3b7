import type { Job } from '../../client/index.ts';
import { useOtherPlans } from '../hooks/other-plans.ts';
import { hashOf } from '../model/route.ts';
import { counted } from '../model/words.ts';
import { Notice } from '../ui/Notice.tsx';

/** Leads to the other plans of the same file, which takes several when it is large. */
export function OtherPlans({ job }: { job: Job }) {
  const plans = useOtherPlans(job);
  if (plans.length < 2) return null;
  const position = plans.findIndex(({ id }) => id === job.id) + 1;
  const jobIds = plans.map(({ id }) => id);
  return (
    <Notice tone="info" title={`${counted(plans.length, 'plan')} of this name wait for approval`}>
      <p>
        This is number {position}. A large file is saved as several plans, or this one was saved more than
        once. <a href={hashOf({ page: 'plans', jobIds })}>Look at them together</a>
      </p>
    </Notice>
  );
}
