import { guessColumns } from '../../../lambdas/rows/column-guess.ts';
import { CLEAR_MARKER } from '../../../lambdas/rows/csv-item.ts';
import type { ProcedureView } from '../../client/index.ts';
import type { ColumnMapping } from './flow.ts';
import { mappingKeyOf, rememberedMapping } from './remembered.ts';
import type { ChosenSource } from './source.ts';

/** Number of rows by which the meaning of columns is guessed. */
const SAMPLES = 100;

/**
 * Returns the mapping of the last file with the same columns, or else the one that the columns suggest.
 * @param team - undefined while it is not known
 */
export function chosenMapping(
  source: ChosenSource,
  procedure: ProcedureView,
  team: string | undefined,
  storage: Storage,
): ColumnMapping {
  const guessed = guessedMapping(source, procedure);
  const key = mappingKeyOf(team, source, procedure);
  const remembered = key && rememberedMapping(storage, key);
  return remembered === undefined ? guessed : { ...guessed, ...remembered, isRemembered: true };
}

/** Returns the mapping that the names and values of the columns suggest. */
export function guessedMapping(source: ChosenSource, procedure: ProcedureView): ColumnMapping {
  const guesses =
    source.format === 'csv'
      ? guessColumns(
          source.head.headers,
          procedure,
          source.records.slice(0, SAMPLES).map(({ record }) => record),
        )
      : [];
  return {
    guesses,
    names: guesses.map(({ name }) => name),
    readings: new Map(),
    isRemembered: false,
    clearMarker: CLEAR_MARKER,
  };
}
