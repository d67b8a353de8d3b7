import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as v from 'valibot';
import type { ErrorBody, RequestErrorCode } from '../contract/errors.ts';
import {
  type FileJobFrame,
  fileJobSchema,
  fileOptionsSchema,
  uploadCompleteSchema,
} from '../contract/file-job.ts';
import { isObject } from '../contract/is-object.ts';
import { MAX_ERRORS } from '../contract/limits.ts';
import { nearestName } from '../contract/nearest-name.ts';
import { parseAsWritten } from '../contract/numbers.ts';
import type { UpdateOptions } from '../contract/options.ts';
import type { Procedure } from '../contract/procedure.ts';
import { quote } from '../contract/values.ts';
import { inspectBody } from '../domain/inspect-json.ts';
import { jsonPointer } from '../domain/json-pointer.ts';
import type { UploadedPart } from '../domain/ports.ts';
import { RequestError } from '../domain/request-error.ts';
import { faultsOfMapping } from '../rows/upload-columns.ts';
import { readBody } from './json-body.ts';
import { checkOptions } from './update-options.ts';
import { parseBody } from './update-request.ts';

/** What a file job is told of its file, and how to apply it. */
export interface SentFileJob {
  frame: FileJobFrame;
  options: UpdateOptions;
  text: string;
}

const FILE_FRAME = 'Send { "format": …, "size": …, "columns": { … } }.';

/**
 * Reads the body that begins a file job.
 * @throws RequestError 400 with all that is wrong with it
 */
export function readFileJob(event: APIGatewayProxyEvent, procedure: Procedure): SentFileJob {
  const text = readBody(event);
  const { options: sent, ...members } = bodyOf(text, FILE_FRAME);
  const checked = v.safeParse(fileJobSchema, members);
  const source = isObject(sent) && isObject(sent.source) ? sent.source : {};
  const { options, errors } = checkOptions({
    schema: fileOptionsSchema,
    options: sent,
    items: Array.isArray(source.lines) ? source.lines.length : 0,
    asWritten: () => (parseAsWritten(text) as { options?: unknown }).options,
    rounded: [],
  });
  const all = [
    ...unknownMembers(members, [...Object.keys(fileJobSchema.entries), 'options']),
    ...(checked.success ? [] : wrongValues(checked.issues, text)),
    ...(checked.success ? wrongTogether(checked.output) : []),
    ...wrongColumns(members, procedure),
    ...errors,
    ...('lines' in source ? [LINES] : []),
  ];
  throwAll(all);
  return { frame: checked.output as FileJobFrame, options, text };
}

/** The command line tells the lines of the items that it sends; of a file they are counted where it is read. */
const LINES: ErrorBody = {
  code: 'INVALID_OPTION',
  message: '"lines" is not an option of a file job, which counts the lines of the file itself. Leave it out.',
  pointer: jsonPointer('options', 'source', 'lines'),
};

/** Members that go with one format only. */
function wrongTogether({ format, columns, ...of }: FileJobFrame): ErrorBody[] {
  if (format === 'csv') {
    if (columns !== undefined && Object.keys(columns).length > 0) return [];
    const message =
      '"columns" is missing: send the header of each column and what it is, such as { "Lead": "lead_id" }.';
    return [invalid(message, columns === undefined ? [] : ['columns'])];
  }
  const names = (['clearMarker', 'delimiter', 'expect'] as const).filter((name) => of[name] !== undefined);
  return [...(columns === undefined ? [] : ['columns']), ...names].map((name) =>
    invalid(`"${name}" goes with the format "csv" alone. Leave it out.`, [name]),
  );
}

/** What columns are called that the procedure does not have, whatever else is wrong. */
function wrongColumns(members: Record<string, unknown>, procedure: Procedure): ErrorBody[] {
  const { columns, expect } = fileJobSchema.entries;
  if (members.format === 'ndjson') return [];
  const [sent, expected] = [v.safeParse(columns, members.columns), v.safeParse(expect, members.expect)];
  if (!sent.success || Object.keys(sent.output).length === 0) return [];
  const mapping = { columns: sent.output, expect: expected.success ? expected.output : {} };
  return faultsOfMapping(mapping, procedure).map((fault) => ({ code: 'INVALID_UPLOAD', ...fault }));
}

/**
 * Reads the body that completes an upload.
 * @throws RequestError 400 with all that is wrong with it
 */
export function readUploadComplete(event: APIGatewayProxyEvent): UploadedPart[] {
  const text = readBody(event);
  const body = bodyOf(text, 'Send { "parts": [ { "partNumber": …, "etag": … } ] }.');
  const checked = v.safeParse(uploadCompleteSchema, body);
  throwAll([
    ...unknownMembers(body, Object.keys(uploadCompleteSchema.entries)),
    ...(checked.success ? [] : wrongValues(checked.issues, text)),
  ]);
  return (checked.output as { parts: UploadedPart[] }).parts;
}

function bodyOf(text: string, frame: string): Record<string, unknown> {
  const body = parseBody(text, frame);
  if (!isObject(body))
    throw new RequestError('INVALID_UPLOAD', `The body is not an object. ${frame}`, { pointer: '' });
  const rounded: ErrorBody[] = [];
  // Of two members of one name, the last would count.
  inspectBody(text, (error) => rounded.push(error));
  throwAll(rounded.slice(0, MAX_ERRORS).map((error) => ({ ...error, code: 'INVALID_UPLOAD' as const })));
  return body;
}

function unknownMembers(body: Record<string, unknown>, known: readonly string[]): ErrorBody[] {
  return Object.keys(body)
    .filter((name) => !known.includes(name))
    .slice(0, MAX_ERRORS)
    .map((name): ErrorBody => {
      const nearest = nearestName(name, known);
      const remedy = nearest === undefined ? `it has ${known.join(', ')}` : `did you mean "${nearest}"`;
      const message = `${quote(name)} is not a member of the body: ${remedy}. Correct it, or leave it out.`;
      return { code: 'UNKNOWN_MEMBER', message, pointer: jsonPointer(name) };
    });
}

function wrongValues(issues: readonly v.BaseIssue<unknown>[], text: string): ErrorBody[] {
  const written = parseAsWritten(text);
  return issues.slice(0, MAX_ERRORS).map(({ path = [], message }) => {
    const keys = path.map(({ key }) => key as string | number);
    const name = keys.findLast((key) => typeof key === 'string') ?? '';
    const value = keys.reduce<unknown>((holder, key) => (holder as Record<string, unknown>)[key], written);
    if (value === undefined) return invalid(`"${name}" is missing: ${MISSING[name]}.`, keys.slice(0, -1));
    return invalid(`"${name}": ${quote(value)} ${message}.`, keys);
  });
}

/** What to send where a member is missing. */
const MISSING: Readonly<Record<string, string>> = {
  format: 'send "csv" or "ndjson"',
  size: 'send the size of the file in bytes',
  parts: 'send one { "partNumber": …, "etag": … } for each part',
  partNumber: 'send the number of the part',
  etag: 'send the header ETag of the response to the part',
};

function invalid(message: string, path: readonly (string | number)[]): ErrorBody {
  return { code: 'INVALID_UPLOAD', message, pointer: jsonPointer(...path) };
}

function throwAll(errors: readonly ErrorBody[]): void {
  const [first, ...others] = errors;
  if (first !== undefined) throw new RequestError(first.code as RequestErrorCode, [first, ...others]);
}
