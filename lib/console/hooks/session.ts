import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { BulkUpdateClient, type RequestOptions } from '../../client/index.ts';

const KEY = 'bulk-update.key';

/** Who is signed in, and how everything below asks the API. */
export interface Session {
  /** @param options - beside where the API is and the key */
  client: (options?: Omit<RequestOptions, 'url' | 'apiKey'>) => BulkUpdateClient;
  /** @param reason - why, when the user did not ask for it */
  signOut: (reason?: string) => void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('nobody is signed in');
  return session;
}

/**
 * The API is at the origin of the page. What only shows something gives up after some seconds, so that its user is told.
 */
export function clientOf(
  apiKey: string,
  options: Omit<RequestOptions, 'url' | 'apiKey'> = {},
): BulkUpdateClient {
  return new BulkUpdateClient({ attempts: 4, ...options, url: location.origin, apiKey });
}

/** The key of this tab, which a reload keeps and closing the tab forgets. */
export const storedKey = {
  read: (): string | undefined => sessionStorage.getItem(KEY) ?? undefined,
  write: (key: string): void => sessionStorage.setItem(KEY, key),
  remove: (): void => sessionStorage.removeItem(KEY),
};
