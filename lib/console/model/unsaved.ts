import type { Flow } from './flow.ts';

/** Whether leaving the page would lose something: requests that run, corrected cells, or which rows were not sent. */
export function hasUnsaved(flow: Flow): boolean {
  switch (flow.step) {
    case 'choose':
      return false;
    case 'map':
      return flow.correctedCells > 0;
    case 'check':
      return flow.correctedCells > 0 || flow.corrections.size > 0;
    case 'send':
      return flow.isBusy || flow.unsent !== undefined;
  }
}
