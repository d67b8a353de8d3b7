import type { ErrorBody } from '../contract/errors.ts';
import { MAX_REFUSAL_ERRORS } from '../contract/limits.ts';
import { RequestError } from './request-error.ts';

/** Collects the invalid items of a request that is to be accepted as a whole or not at all. */
export class InvalidItems {
  #count = 0;
  readonly #errors: ErrorBody[] = [];

  /** @param errors - of one item */
  add(errors: readonly ErrorBody[]): void {
    this.#count += 1;
    // The summary is one of them.
    this.#errors.push(...errors.slice(0, MAX_REFUSAL_ERRORS - 1 - this.#errors.length));
  }

  /**
   * @param total - how many items the request has
   * @throws RequestError 422 with the errors of the items, if there are any
   */
  refuse(total: number): void {
    const invalid = this.#count;
    if (invalid === 0) return;
    const [are, them] = invalid === 1 ? ['is', 'it'] : ['are', 'them'];
    const message = `${invalid} of ${total} ${total === 1 ? 'item' : 'items'} ${are} invalid; nothing was accepted. Correct ${them} and send the request again.`;
    throw new RequestError('INVALID_ITEMS', [{ code: 'INVALID_ITEMS', message }, ...this.#errors], {
      meta: { total, invalid },
    });
  }
}
