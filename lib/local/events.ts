import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { type LoopbackServer, listenOnLoopback } from './loopback.ts';

/** An event as EventBridge hands it to a rule's target. */
export interface PublishedEvent {
  id: string;
  source: string;
  'detail-type': string;
  time: string;
  detail: unknown;
}

interface Entry {
  Source: string;
  DetailType: string;
  Detail: string;
}

/** Takes events as EventBridge's PutEvents does, and hands each on. */
export async function startEvents(
  onEvent: (event: PublishedEvent) => void = () => {},
): Promise<LoopbackServer> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { Entries } = JSON.parse(Buffer.concat(chunks).toString()) as { Entries: Entry[] };
    const published = Entries.map(
      ({ Source, DetailType, Detail }): PublishedEvent => ({
        id: randomUUID(),
        source: Source,
        'detail-type': DetailType,
        time: new Date().toISOString(),
        detail: JSON.parse(Detail),
      }),
    );
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(
      JSON.stringify({ FailedEntryCount: 0, Entries: published.map(({ id }) => ({ EventId: id })) }),
    );
    for (const event of published) onEvent(event);
  });
  return listenOnLoopback(server);
}
