import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A proxy before a service that never answers the requests which `hangs` picks, so that a function waits
 * until it is killed.
 */
export async function startHangingProxy(
  target: string,
  hangs: (operation: string, body: string) => boolean,
): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (hangs(String(incoming.headers['x-amz-target']), body.toString())) return;
    const { method, headers, url = '/' } = incoming;
    const outward = forward(new URL(url, target), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    outward.once('error', () => outgoing.destroy());
    outward.end(body);
  });
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
