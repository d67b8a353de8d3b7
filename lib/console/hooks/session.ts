import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { BulkUpdateClient, type RequestOptions } from '../../client/index.ts';

const KEY = 'bulk-update.key';

/** The session of the signed-in user. */
export interface Session {
  /** Makes a client of the API. @param options - beside its URL and the key */
  client: (options?: Omit<RequestOptions, 'url' | 'apiKey'>) => BulkUpdateClient;
  /** Signs the user out. @param reason - shown if the user did not ask for it */
  signOut: (reason?: string) => void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('nobody is signed in');
  return session;
}

/** Makes a client of the API at the origin of the page. It gives up after seconds, so that the user sees the error. */
export function clientOf(
  apiKey: string,
  options: Omit<RequestOptions, 'url' | 'apiKey'> = {},
): BulkUpdateClient {
  return new BulkUpdateClient({ attempts: 4, ...options, url: location.origin, apiKey });
}

/** The key of this tab. It survives a reload, but not the closing of the tab. */
export const storedKey = {
  read: (): string | undefined => sessionStorage.getItem(KEY) ?? undefined,
  write: (key: string): void => sessionStorage.setItem(KEY, key),
  remove: (): void => sessionStorage.removeItem(KEY),
};
