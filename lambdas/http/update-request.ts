import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { ErrorBody, RequestErrorCode } from '../contract/errors.ts';
import { isObject } from '../contract/is-object.ts';
import { MAX_ERRORS } from '../contract/limits.ts';
import { nearestName } from '../contract/nearest-name.ts';
import { parseAsWritten } from '../contract/numbers.ts';
import { createOptionsSchema, optionsSchema } from '../contract/options.ts';
import { updateQuery } from '../contract/queries.ts';
import { quote } from '../contract/values.ts';
import type { UpdateRequest } from '../domain/accept-updates.ts';
import { checkLevels, inspectBody } from '../domain/inspect-json.ts';
import { jsonPointer } from '../domain/json-pointer.ts';
import { RequestError } from '../domain/request-error.ts';
import { readBody } from './json-body.ts';
import { checkOptions } from './update-options.ts';

/**
 * Reads the frame of a bulk update, `{ "processes": [ … ] }`, or of a bulk-create, which may be the list alone; the items are
 * checked later.
 * @returns them with the text that they stand in
 * @throws RequestError when the body has no such frame
 */
export function readUpdateRequest(
  event: APIGatewayProxyEvent,
  creates?: 'all',
): Required<Pick<UpdateRequest, 'items' | 'textErrors' | 'options'>> & { text: string } {
  const sent = readBody(event);
  const parsed = parseBody(sent);
  const isList = creates !== undefined && Array.isArray(parsed);
  // One form from here on, in which errors point.
  const text = isList ? `{"processes":${sent}}` : sent;
  const body = isList ? { processes: parsed } : objectOf(parsed);
  const items = processesOf(body);
  const rounded: ErrorBody[] = [];
  const textErrors = inspectBody(text, (error) => {
    if (error.pointer?.startsWith('/options/') && rounded.length < MAX_ERRORS) rounded.push(error);
  });
  const { options, errors } = checkOptions({
    schema: creates === undefined ? optionsSchema : createOptionsSchema,
    options: optionsOf(body),
    items: items.length,
    asWritten: () => optionsOf(parseAsWritten(text) as typeof body),
    rounded,
  });
  const [first, ...others] = [...unknownMembers(body), ...errors];
  if (first !== undefined) throw new RequestError(first.code as RequestErrorCode, [first, ...others]);
  return { items, textErrors, options, text };
}

/** @param frame - what to send, as a sentence */
export function parseBody(text: string, frame = FRAME): unknown {
  checkLevels(text);
  if (text.trim() === '') throw new RequestError('MALFORMED_JSON', `The body is empty. ${frame}`);
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : '';
    throw new RequestError('MALFORMED_JSON', `The body is not valid JSON (${reason}). ${frame}`);
  }
}

const FRAME = 'Send { "processes": [ … ] }.';

function objectOf(body: unknown): Record<string, unknown> {
  if (isObject(body)) return body;
  throw new RequestError('PROCESSES_MISSING', `The body is not an object. ${FRAME}`, { pointer: '' });
}

function processesOf(body: Record<string, unknown>): unknown[] {
  const processes = Object.hasOwn(body, 'processes') ? body.processes : undefined;
  if (Array.isArray(processes)) return processes;
  const fault = processes === undefined ? 'The body has no "processes"' : '"processes" is not an array';
  const pointer = processes === undefined ? '' : '/processes';
  throw new RequestError('PROCESSES_MISSING', `${fault}. ${FRAME}`, { pointer });
}

const MEMBERS = ['processes', 'options'];

/** What an unknown member is likely to mean. A dry run is asked for in the URL, not in the body. */
function meantBy(name: string): string {
  const parameter = nearestName(name, Object.keys(updateQuery.entries));
  if (parameter !== undefined) return `but ${parameter} is a parameter of the URL. Send it there`;
  const nearest = nearestName(name, MEMBERS);
  const known = nearest === undefined ? `which has ${MEMBERS.join(' and ')}` : `the nearest is "${nearest}"`;
  return `${known}. Correct it`;
}

/** Names what is not known, up to a bound. It may be a safeguard, misspelt or of a later version. */
function unknownMembers(body: Record<string, unknown>): ErrorBody[] {
  return Object.keys(body)
    .filter((name) => !MEMBERS.includes(name))
    .slice(0, MAX_ERRORS)
    .map((name): ErrorBody => {
      const message = `${quote(name)} is not a member of the body, ${meantBy(name)}, or leave it out.`;
      return { code: 'UNKNOWN_MEMBER', message, pointer: jsonPointer(name) };
    });
}

/** Not of a prototype. */
function optionsOf(body: Record<string, unknown>): unknown {
  return Object.hasOwn(body, 'options') ? body.options : undefined;
}
