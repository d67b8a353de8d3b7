import type { Dispatch } from 'preact/hooks';
import type { Action, Flow } from '../model/flow.ts';

/** Of a step on the way from a file to a job. */
export interface StepProps<Step extends Flow = Flow> {
  flow: Step;
  dispatch: Dispatch<Action>;
}
