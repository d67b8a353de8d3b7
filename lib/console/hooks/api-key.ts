import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { includesScope, type Scope } from '../../../lambdas/contract/scopes.ts';
import type { ApiKeyView } from '../../client/index.ts';
import { useFailure } from './failure.ts';
import { useSession } from './session.ts';

/** What the API key of the user allows. Undefined until it is read. */
export const ApiKeyContext = createContext<ApiKeyView | undefined>(undefined);

export function useApiKey(): ApiKeyView | undefined {
  return useContext(ApiKeyContext);
}

/** Whether the API key has a scope. As long as that is not known, the API decides. */
export function useScope(needed: Scope): boolean {
  const apiKey = useApiKey();
  return apiKey === undefined || includesScope(apiKey.scope, needed);
}

/** Reads what the API key allows. The pages work without it. */
export function useReadApiKey(): ApiKeyView | undefined {
  const { client } = useSession();
  const { fail } = useFailure();
  const [apiKey, setApiKey] = useState<ApiKeyView>();
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const read = async () => {
      const next = await client({ signal }).apiKey();
      if (!signal.aborted) setApiKey(next);
    };
    read().catch(fail);
    return () => controller.abort();
  }, [client, fail]);
  return apiKey;
}
