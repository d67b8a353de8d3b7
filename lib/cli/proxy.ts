import http from 'node:http';
import { isLoopback } from '../client/base-url.ts';

/**
 * Sends requests through the proxy of `HTTPS_PROXY`, except to the hosts of `NO_PROXY`. Requests to this machine never
 * use it, as they would give it the API key unencrypted.
 * @returns a warning if this version of Node.js cannot use a proxy
 */
export function useProxy(url: string, environment: NodeJS.ProcessEnv): string | undefined {
  const { HTTPS_PROXY, https_proxy: lowercase = HTTPS_PROXY } = environment;
  const isLocal = isLoopback(new URL(url).hostname);
  // Node.js 24.14, 25.4: https://github.com/nodejs/node/pull/60953. NODE_USE_ENV_PROXY may have turned it on before.
  if (typeof http.setGlobalProxyFromEnv === 'function') {
    http.setGlobalProxyFromEnv(isLocal ? { ...environment, no_proxy: '*' } : environment);
    return undefined;
  }
  if (isLocal || !lowercase) return undefined;
  return `Warning: Node.js ${process.versions.node} does not use HTTPS_PROXY. If the API cannot be reached, run the command with Node.js 24.14 or later.`;
}
