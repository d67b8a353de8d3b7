import type { ProcedureView } from '../../client/index.ts';
import type { Mapping } from '../model/flow.ts';
import {
  forgetMapping,
  type MappingKey,
  type RememberedMapping,
  rememberedMapping,
  rememberMapping,
} from '../model/remembered.ts';
import type { ChosenSource } from '../model/source.ts';
import { useApiKey } from './api-key.ts';

/** The mappings that this browser remembers, of each team and procedure. */
export function useMappingMemory() {
  const team = useApiKey()?.team;
  const keyOf = (source: ChosenSource, { id }: ProcedureView): MappingKey | undefined =>
    team === undefined || source.format !== 'csv'
      ? undefined
      : { team, procedure: id, headers: source.head.headers };
  return {
    recall: (source: ChosenSource, procedure: ProcedureView): RememberedMapping | undefined => {
      const key = keyOf(source, procedure);
      return key && rememberedMapping(localStorage, key);
    },
    remember: ({ source, procedure, names, readings }: Mapping): void => {
      const key = keyOf(source, procedure);
      if (key !== undefined) rememberMapping(localStorage, key, { names, readings });
    },
    forget: ({ source, procedure }: Mapping): void => {
      const key = keyOf(source, procedure);
      if (key !== undefined) forgetMapping(localStorage, key);
    },
  };
}
