import type { ErrorBody } from '../contract/errors.ts';
import { MAX_ERRORS } from '../contract/limits.ts';
import type { Procedure } from '../contract/procedure.ts';
import { Suggestions } from './suggestions.ts';

/** As much text as a body may have. Once the errors of a request exceed it, each further item lists one. */
const MAX_LISTED_CHARACTERS = 20 * 1024 * 1024;

/** Which items of a request may create their process: all of a bulk-create, or those whose primary key is missing. */
export type Creates = 'all' | 'missing';

/** What the items of one request share while they are checked. */
export class RequestCheck {
  readonly suggestions: Suggestions;
  readonly creates: Creates | undefined;
  #listedCharacters = 0;

  constructor(procedure: Procedure, creates?: Creates) {
    this.suggestions = new Suggestions(procedure);
    this.creates = creates;
  }

  /** How many errors the next item may list. */
  get maxErrors(): number {
    return this.#listedCharacters < MAX_LISTED_CHARACTERS ? MAX_ERRORS : 1;
  }

  noteListed(errors: readonly ErrorBody[]): void {
    for (const { message, pointer = '' } of errors) this.#listedCharacters += message.length + pointer.length;
  }
}
