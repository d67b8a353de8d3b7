import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LoopbackServer {
  endpoint: string;
  stop: () => Promise<void>;
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
