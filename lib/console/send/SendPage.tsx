import { useEffect, useRef } from 'preact/hooks';
import { useTitle } from '../hooks/title.ts';
import { lazy } from '../ui/lazy.tsx';
import { ChooseStep } from './ChooseStep.tsx';
import { Steps } from './Steps.tsx';
import type { StepProps } from './step-props.ts';

const LaterSteps = lazy(async () => (await import('./LaterSteps.tsx')).LaterSteps);

/** The steps from a file to a job. */
export function SendPage({ flow, dispatch }: StepProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(flow.step);
  useTitle('Send rows');
  // The heading of any other step takes the focus.
  useEffect(() => {
    if (flow.step === 'choose' && shown.current !== 'choose') heading.current?.focus();
    shown.current = flow.step;
  }, [flow.step]);

  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        Send rows
      </h1>
      <Steps flow={flow} />
      {flow.step === 'choose' ? (
        <ChooseStep flow={flow} dispatch={dispatch} prepare={LaterSteps.load} />
      ) : (
        <LaterSteps flow={flow} dispatch={dispatch} />
      )}
    </>
  );
}
