import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { oneLine, printable } from '../../lambdas/contract/printable.ts';
import type { LocalCredentials } from './credentials.ts';
import { isOfOwnProgram, type LoopbackServer, listenOnLoopback } from './loopback.ts';

/** An event as EventBridge hands it to a rule's target. */
export interface PublishedEvent {
  id: string;
  source: string;
  'detail-type': string;
  time: string;
  detail: unknown;
}

/** The line at the terminal that tells of an event. */
export function lineOf({ 'detail-type': type, detail }: PublishedEvent): string {
  return oneLine(printable(`event ${type} ${JSON.stringify(detail)}`));
}

const requestSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    Entries: v.array(
      v.object({ Source: v.string(), DetailType: v.string(), Detail: v.pipe(v.string(), v.parseJson()) }),
    ),
  }),
);

/** Takes events as EventBridge's PutEvents does, and hands each on. */
export async function startEvents(
  credentials: LocalCredentials,
  onEvent: (event: PublishedEvent) => void = () => {},
): Promise<LoopbackServer> {
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    if (!isOfOwnProgram(request, credentials)) {
      request.resume();
      answer(403, { __type: 'AccessDeniedException' });
      return;
    }
    const parsed = v.safeParse(requestSchema, await textOf(request));
    if (!parsed.success) {
      answer(400, { __type: 'ValidationException' });
      return;
    }
    const published = parsed.output.Entries.map(
      ({ Source, DetailType, Detail }): PublishedEvent => ({
        id: randomUUID(),
        source: Source,
        'detail-type': DetailType,
        time: new Date().toISOString(),
        detail: Detail,
      }),
    );
    answer(200, { FailedEntryCount: 0, Entries: published.map(({ id }) => ({ EventId: id })) });
    for (const event of published) onEvent(event);
  });
  return listenOnLoopback(server);
}

/** @returns undefined of a body that breaks off */
async function textOf(request: IncomingMessage): Promise<string | undefined> {
  try {
    return Buffer.concat(await request.toArray()).toString();
  } catch {
    return undefined;
  }
}
