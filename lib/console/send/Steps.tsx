import type { Flow } from '../model/flow.ts';
import { Sign } from '../ui/Sign.tsx';

const STEPS: readonly { step: Flow['step']; label: string }[] = [
  { step: 'choose', label: 'Choose' },
  { step: 'map', label: 'Map' },
  { step: 'check', label: 'Check' },
  { step: 'send', label: 'Send' },
];

/** Shows the steps and the current one. */
export function Steps({ flow }: { flow: Flow }) {
  const isMapped = flow.step === 'choose' || flow.source.format === 'csv';
  const steps = STEPS.filter(({ step }) => isMapped || step !== 'map');
  const current = steps.findIndex(({ step }) => step === flow.step);
  return (
    <ol class="steps" aria-label="Steps">
      {steps.map(({ step, label }, position) => {
        const isDone = position < current;
        return (
          <li
            key={step}
            class={isDone ? 'step done' : 'step'}
            aria-current={position === current ? 'step' : undefined}
          >
            <span class="step-number" aria-hidden="true">
              {isDone ? <Sign>✓</Sign> : position + 1}
            </span>
            {label}
            {isDone && <span class="visually-hidden"> (done)</span>}
          </li>
        );
      })}
    </ol>
  );
}
