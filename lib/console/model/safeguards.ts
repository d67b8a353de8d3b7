import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import { MAX_ENTRIES } from '../../../lambdas/contract/limits.ts';
import type { Safeguards } from '../../client/index.ts';

/** A choice with its number, as it was typed. */
export interface NumberChoice {
  isChosen: boolean;
  text: string;
}

export interface SafeguardChoices {
  /** Number of rows to start with. */
  canary: NumberChoice;
  errorPercent: NumberChoice;
  /** Number of processed rows from which on the failures are looked at, as it was typed. */
  after: string;
}

export const NO_SAFEGUARDS: SafeguardChoices = {
  canary: { isChosen: false, text: '100' },
  errorPercent: { isChosen: false, text: '5' },
  after: '100',
};

/** Whether a text is a number of rows that a request can have. */
export function isRowCount(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_ENTRIES;
}

export function isPercentage(text: string): boolean {
  return /^\d{1,3}(?:\.\d{1,6})?$/.test(text) && Number(text) <= 100;
}

/** Returns the options of the requests, or undefined when a number that is chosen cannot be sent. */
export function safeguardsOf({ canary, errorPercent, after }: SafeguardChoices): Safeguards | undefined {
  if (canary.isChosen && !isRowCount(canary.text)) return undefined;
  if (errorPercent.isChosen && !(isPercentage(errorPercent.text) && isRowCount(after))) return undefined;
  return definedOf({
    canary: canary.isChosen ? Number(canary.text) : undefined,
    abortOn: errorPercent.isChosen
      ? { errorPercent: Number(errorPercent.text), after: Number(after) }
      : undefined,
  });
}
