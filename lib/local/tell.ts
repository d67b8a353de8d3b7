import { inspect } from 'node:util';
import { printable } from '../../lambdas/contract/printable.ts';

/** Tells at the terminal what went wrong, whose text may be anybody's. */
export function tell(what: string, error: unknown): void {
  console.error(printable(`${what} ${inspect(error)}`));
}
