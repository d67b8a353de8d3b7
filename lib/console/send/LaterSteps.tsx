import type { Choosing, Flow } from '../model/flow.ts';
import { CheckStep } from './CheckStep.tsx';
import { MapStep } from './MapStep.tsx';
import { SendStep } from './SendStep.tsx';
import type { StepProps } from './step-props.ts';

/** The steps after the choice of a file. */
export function LaterSteps({ flow, dispatch }: StepProps<Exclude<Flow, Choosing>>) {
  switch (flow.step) {
    case 'map':
      return <MapStep flow={flow} dispatch={dispatch} />;
    case 'check':
      return <CheckStep flow={flow} dispatch={dispatch} />;
    case 'send':
      return <SendStep flow={flow} dispatch={dispatch} />;
  }
}
