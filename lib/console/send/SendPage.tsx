import type { Dispatch } from 'preact/hooks';
import type { Action, Flow } from '../model/flow.ts';
import { CheckStep } from './CheckStep.tsx';
import { ChooseStep } from './ChooseStep.tsx';
import { MapStep } from './MapStep.tsx';
import { SendStep } from './SendStep.tsx';
import { Steps } from './Steps.tsx';

export interface StepProps<Step extends Flow = Flow> {
  flow: Step;
  dispatch: Dispatch<Action>;
}

/** From a file to a job, a step at a time. */
export function SendPage({ flow, dispatch }: StepProps) {
  return (
    <>
      <h1>Send updates</h1>
      <Steps flow={flow} />
      {flow.step === 'choose' && <ChooseStep dispatch={dispatch} />}
      {flow.step === 'map' && <MapStep flow={flow} dispatch={dispatch} />}
      {flow.step === 'check' && <CheckStep flow={flow} dispatch={dispatch} />}
      {flow.step === 'send' && <SendStep flow={flow} dispatch={dispatch} />}
    </>
  );
}
