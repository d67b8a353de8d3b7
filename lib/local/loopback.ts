import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LocalCredentials } from './credentials.ts';

export interface LoopbackServer {
  endpoint: string;
  stop: () => Promise<void>;
}

/**
 * Whether a request was meant for this machine. A page of the web can have a name of its own resolve to it, and would be
 * taken for the origin of what answers.
 */
export function isForThisMachine({ headers: { host = '' } }: IncomingMessage): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host);
}

/**
 * Whether a request is by an AWS SDK that knows the secret access key id. A page neither knows it nor may it send what an
 * SDK sends, and browsers tell the origin of what it does send.
 */
export function isOfOwnProgram(request: IncomingMessage, { AWS_ACCESS_KEY_ID }: LocalCredentials): boolean {
  const { origin, authorization = '', 'content-type': contentType = '' } = request.headers;
  return (
    isForThisMachine(request) &&
    origin === undefined &&
    /^application\/x-amz-json-1\.[01]$/.test(contentType) &&
    authorization.includes(` Credential=${AWS_ACCESS_KEY_ID}/`)
  );
}

/** Lets a server listen on a free port of this machine only. */
export async function listenOnLoopback(server: Server): Promise<LoopbackServer> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * Sees whether a port of this machine is free; 0 always is.
 * @throws Error that says what to do when it is not
 */
export async function checkPort(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Port ${port} cannot be used (${reason}). Choose another: PORT=${(port % 65_535) + 1} npm start`,
    );
  }
  server.close();
  await once(server, 'close');
}
