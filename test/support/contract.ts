import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { memoize } from '../../lambdas/contract/memoize.ts';
import { createDocument, type ResponseObject } from '../../lib/openapi/document.ts';

/** An answer as it came, to the request that it belongs to. */
export interface Received {
  method: string;
  /** With its query. */
  path: string;
  status: number;
  headers: Headers;
  text: string;
}

export const document = createDocument();

const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
// Headers are texts.
const headersAjv = new Ajv2020({ allErrors: true, coerceTypes: true });
addFormats.default(ajv);
ajv.addKeyword('components');

const templates = Object.keys(document.paths).map((template) => ({
  template,
  segments: template.split('/'),
}));

/** What an answer has against the description of the API; nothing when it fits. */
export function faultsOf({ method, path, status, headers, text }: Received): string[] {
  const template = templateOf(path);
  if (template === undefined) {
    return [400, 404].includes(status) ? [] : [`${status}, and the description has no such path`];
  }
  const operations = document.paths[template] ?? {};
  // A HEAD is answered as the GET, which the description need not repeat.
  const isHead = method === 'HEAD' && 'get' in operations;
  const operation = operations[isHead ? 'get' : method.toLowerCase()];
  if (operation === undefined) return faultsOfRefusedMethod(Object.keys(operations), status, headers);
  const response = operation.responses[status];
  const where = `${method} ${template}: ${status}`;
  if (response === undefined) return [`${where} is not described: ${text.slice(0, 200)}`];
  const faultsOfBody = method === 'HEAD' ? bodyOfHead : faultyBody;
  return [...faultyHeaders(response, headers), ...faultsOfBody(response, headers, text)].map(
    (fault) => `${where}: ${fault}`,
  );
}

/** A method that the path does not take is 405, and `allow` names all that it takes. */
function faultsOfRefusedMethod(described: string[], status: number, headers: Headers): string[] {
  const methods = described.flatMap((name) => (name === 'get' ? ['GET', 'HEAD'] : [name.toUpperCase()]));
  const allow = headers.get('allow');
  return status === 405 && allow === methods.join(', ')
    ? []
    : [`${status} with allow: ${allow}, and the path takes ${methods}`];
}

function bodyOfHead(_response: ResponseObject, _headers: Headers, text: string): string[] {
  return text === '' ? [] : ['a HEAD has a body'];
}

/** The path as the description has it; undefined of one that it does not have. */
export function templateOf(path: string): string | undefined {
  const [withoutQuery = ''] = path.split('?', 1);
  const sent = withoutQuery.split('/');
  const fits = (segment: string, i: number) =>
    segment.startsWith('{') ? sent[i] !== '' : segment === sent[i];
  return templates.find(({ segments }) => segments.length === sent.length && segments.every(fits))?.template;
}

const headersValidator = memoize(({ headers }: ResponseObject) =>
  headersAjv.compile({
    type: 'object',
    properties: Object.fromEntries(Object.entries(headers).map(([name, { schema }]) => [name, schema])),
    required: Object.keys(headers).filter((name) => headers[name]?.required),
  }),
);

function faultyHeaders(response: ResponseObject, headers: Headers): string[] {
  return errorsOf(headersValidator(response), Object.fromEntries(headers), 'headers');
}

/** References are to the document's components. */
const validator = memoize((schema: object) => ajv.compile({ ...schema, components: document.components }));

function faultyBody({ content }: ResponseObject, headers: Headers, text: string): string[] {
  if (content === undefined) return text === '' ? [] : ['the body is not described'];
  const [mediaType = ''] = (headers.get('content-type') ?? '').split(';');
  const schema: { type?: unknown; contentSchema?: object } | undefined = content[mediaType]?.schema;
  if (schema === undefined) return [`the content type ${mediaType} is not described`];
  if (schema.type !== 'string') return errorsOf(validator(schema), JSON.parse(text), 'body');
  const { contentSchema } = schema;
  if (contentSchema === undefined) return [];
  return text
    .split('\n')
    .slice(0, -1)
    .flatMap((line) => errorsOf(validator(contentSchema), JSON.parse(line), 'line'));
}

function errorsOf(validate: ValidateFunction, value: unknown, of: string): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${of}${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
