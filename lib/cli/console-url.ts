import { isLoopback } from '../client/base-url.ts';
import { COMMAND } from './command-name.ts';
import type { Settings } from './settings.ts';
import { UsageError } from './usage-error.ts';

/**
 * Returns what is wrong with the URL of a console, as a sentence. A browser gets it, so it must not be a file, a script
 * or a page that somebody on the way can exchange.
 */
export function consoleUrlFault(text: string): string | undefined {
  if (!URL.canParse(text))
    return `"${text}" is not a URL. Give all of it, such as https://console.acme.example.`;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(hostname))) {
    return `"${text}" is not https. Use https://; http:// is for this machine only.`;
  }
  if (username + password + search + hash === '') return undefined;
  return 'The URL of the console must not have a user, password, query or fragment. Remove it.';
}

/**
 * Returns the console's page of a job. The local stack serves the console at the URL of its API.
 * @throws UsageError when it is not known where the console is
 */
export function jobPage(jobId: string, { url, consoleUrl }: Omit<Settings, 'apiKey'>): string {
  const isLocal = URL.canParse(url) && isLoopback(new URL(url).hostname);
  const base = consoleUrl ?? (isLocal ? url : undefined);
  if (base === undefined) {
    throw new UsageError(
      `It is not known where the console is. Store its URL in the profile: ${COMMAND} login --console-url https://…`,
    );
  }
  const fault = consoleUrlFault(base);
  if (fault !== undefined) throw new UsageError(fault);
  return `${base.replace(/(?<!\/)\/+$/, '')}/#/jobs/${encodeURIComponent(jobId)}`;
}
