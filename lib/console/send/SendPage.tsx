import { useEffect, useRef } from 'preact/hooks';
import { useTitle } from '../hooks/title.ts';
import { CheckStep } from './CheckStep.tsx';
import { ChooseStep } from './ChooseStep.tsx';
import { MapStep } from './MapStep.tsx';
import { SendStep } from './SendStep.tsx';
import { Steps } from './Steps.tsx';
import type { StepProps } from './step-props.ts';

/** The steps from a file to a job. */
export function SendPage({ flow, dispatch }: StepProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(flow.step);
  useTitle('Send updates');
  // The heading of any other step takes the focus.
  useEffect(() => {
    if (flow.step === 'choose' && shown.current !== 'choose') heading.current?.focus();
    shown.current = flow.step;
  }, [flow.step]);

  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        Send updates
      </h1>
      <Steps flow={flow} />
      {flow.step === 'choose' && <ChooseStep flow={flow} dispatch={dispatch} />}
      {flow.step === 'map' && <MapStep flow={flow} dispatch={dispatch} />}
      {flow.step === 'check' && <CheckStep flow={flow} dispatch={dispatch} />}
      {flow.step === 'send' && <SendStep flow={flow} dispatch={dispatch} />}
    </>
  );
}
