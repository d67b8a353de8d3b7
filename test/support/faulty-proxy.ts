import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { type LoopbackServer, listenOnLoopback } from '../../lib/local/loopback.ts';

/**
 * What becomes of a request: it is never answered, so that a function waits until it is killed; it is refused
 * as DynamoDB refuses what is too much; or it is done, and the connection breaks before the answer.
 */
export type ProxyFault = 'HANG' | 'THROTTLE' | 'LOSE_ANSWER';

/**
 * A proxy before DynamoDB that strikes the requests which `faultOf` picks.
 * @param faultOf - told the operation, such as `UpdateItem`, and the request's body
 */
export async function startFaultyProxy(
  target: string,
  faultOf: (operation: string, body: string) => ProxyFault | undefined,
): Promise<LoopbackServer> {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const [, operation = ''] = String(incoming.headers['x-amz-target']).split('.');
    const fault = faultOf(operation, body.toString());
    if (fault === 'HANG') return;
    if (fault === 'THROTTLE') throttle(outgoing);
    else pass(target, incoming, body, outgoing, fault === 'LOSE_ANSWER');
  });
  return listenOnLoopback(server);
}

function throttle(outgoing: ServerResponse): void {
  outgoing.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
  outgoing.end(
    JSON.stringify({
      __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
      message: 'The level of configured provisioned throughput for the table was exceeded.',
    }),
  );
}

function pass(
  target: string,
  { method, headers, url = '/' }: IncomingMessage,
  body: Buffer,
  outgoing: ServerResponse,
  losesAnswer: boolean,
): void {
  const outward = forward(new URL(url, target), { method, headers }, (answer) => {
    if (losesAnswer) {
      answer.resume().once('end', () => outgoing.destroy());
      return;
    }
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(outgoing);
  });
  outward.once('error', () => outgoing.destroy());
  outward.end(body);
}
