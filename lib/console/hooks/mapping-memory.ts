import type { Mapping } from '../model/flow.ts';
import { forgetMapping, mappingKeyOf, rememberMapping } from '../model/remembered.ts';
import { useApiKey } from './api-key.ts';

/** The mappings that this browser remembers, of each team and procedure. */
export function useMappingMemory() {
  const team = useApiKey()?.team;
  return {
    remember: ({ source, procedure, names, readings }: Mapping): void => {
      const key = mappingKeyOf(team, source, procedure);
      if (key !== undefined) rememberMapping(localStorage, key, { names, readings });
    },
    forget: ({ source, procedure }: Mapping): void => {
      const key = mappingKeyOf(team, source, procedure);
      if (key !== undefined) forgetMapping(localStorage, key);
    },
  };
}
