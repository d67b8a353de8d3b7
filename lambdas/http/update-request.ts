import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { UpdateRequest } from '../domain/accept-updates.ts';
import { RequestError } from '../domain/errors.ts';
import { checkLevels, inspectBody } from './inspect-json.ts';
import { readBody } from './json-body.ts';

/**
 * Reads the frame of a bulk update, `{ "processes": [ … ] }`; the items are checked later.
 * @returns them with the text that they stand in
 * @throws RequestError when the body has no such frame
 */
export function readUpdateRequest(
  event: APIGatewayProxyEvent,
): Pick<UpdateRequest, 'items' | 'textErrors'> & { text: string } {
  const text = readBody(event);
  const items = processesOf(parse(text));
  return { items, textErrors: inspectBody(text), text };
}

function parse(text: string): unknown {
  checkLevels(text);
  if (text.trim() === '') throw new RequestError('MALFORMED_JSON', `The body is empty. ${FRAME}`);
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : '';
    throw new RequestError('MALFORMED_JSON', `The body is not valid JSON (${reason}). ${FRAME}`);
  }
}

const FRAME = 'Send { "processes": [ … ] }.';

function processesOf(body: unknown): unknown[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RequestError('PROCESSES_MISSING', `The body is not an object. ${FRAME}`, '');
  }
  const processes = Object.hasOwn(body, 'processes') ? (body as { processes: unknown }).processes : undefined;
  if (Array.isArray(processes)) return processes;
  const fault = processes === undefined ? 'The body has no "processes"' : '"processes" is not an array';
  throw new RequestError(
    'PROCESSES_MISSING',
    `${fault}. ${FRAME}`,
    processes === undefined ? '' : '/processes',
  );
}
