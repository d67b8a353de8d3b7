import { readFileSync } from 'node:fs';
import { type ConversionConfig, toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { definedOf } from '../../lambdas/contract/defined-of.ts';
import { REQUEST_EXPLANATIONS } from '../../lambdas/contract/error-explanations.ts';
import { INVALID_CODES, REQUEST_ERRORS, type RequestErrorCode } from '../../lambdas/contract/errors.ts';
import { SCOPES, type Scope } from '../../lambdas/contract/scopes.ts';
import { GATEWAY_CODES } from './errors.ts';
import EXAMPLES from './examples.json' with { type: 'json' };
import { HEADERS, type HeaderName, type Operation, type Parameter, REQUEST_EXAMPLES } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { COMPONENTS, envelopeOf, errorOf, invalidItemsMeta, noErrors, nothing } from './schemas.ts';

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 takes it. */
export type JsonSchema = Record<string, unknown>;

export interface ResponseObject {
  description: string;
  headers: Record<string, { description: string; required: boolean; schema: JsonSchema }>;
  content?: Record<
    string,
    { schema: object; example?: unknown; examples?: Record<string, { value: unknown }> }
  >;
}

export interface ParameterObject {
  name: string;
  in: Parameter['in'];
  description: string;
  required: boolean;
  schema: JsonSchema;
  example?: string | number;
}

export interface OperationObject {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  /** OpenAPI 3.1 takes roles here: those of the key. */
  security: { apiKey: [Scope] }[];
  parameters: ParameterObject[];
  requestBody?: { required: true; content: Record<string, { schema: JsonSchema; example: unknown }> };
  responses: Record<string, ResponseObject>;
}

/** The parts of an OpenAPI document that this project reads. */
export interface OpenApiDocument {
  openapi: string;
  paths: Record<string, Record<string, OperationObject>>;
  components: { schemas: Record<string, object>; securitySchemes: object };
  [part: string]: unknown;
}

/** What JSON Schema cannot express is checked by the functions. */
const CONVERSION = {
  target: 'draft-2020-12',
  typeMode: 'input',
  errorMode: 'ignore',
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
} satisfies ConversionConfig;

/** Creates the OpenAPI 3.1 description of the API from the routes and the schemas with which the functions validate. */
export function createDocument(): OpenApiDocument {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const paths: OpenApiDocument['paths'] = {};
  for (const [route, operation] of Object.entries(OPERATIONS)) {
    const [method = '', path = ''] = route.split(' ');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationObject(operation) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Bulk Update Process API',
      version,
      summary: 'Send thousands of process updates in one PATCH, and get a result for each record.',
      description:
        'A *procedure* is a schema, e.g. `lead`. A *process* is a record of it, and an *attribute* is a field of its `data`. The *primary key* is the attribute that identifies a process. A *team* is a tenant. A PATCH starts a *job* with an *entry* for each item.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // Relative to this document, which is below the stage.
    servers: [{ url: '.', description: 'The server of this description' }],
    security: [{ apiKey: [] }],
    tags: [
      { name: 'Updates', description: 'Send updates.' },
      { name: 'File jobs', description: 'Send a file as one job, and get its rows back with their results.' },
      { name: 'Jobs', description: 'Follow, cancel and retry jobs.' },
      { name: 'Processes and procedures', description: 'Read processes and procedures.' },
      { name: 'API keys', description: 'Read what an API key allows.' },
    ],
    paths,
    components: {
      securitySchemes: {
        apiKey: {
          type: 'http',
          scheme: 'bearer',
          description:
            'An API key of one team. It allows some or all of its procedures. Its scope says what it may do: `read`, `plan` or `write`, each of which includes those before it.',
        },
      },
      schemas: toJsonSchemaDefs(COMPONENTS, CONVERSION),
    },
  };
}

function operationObject(operation: Operation): OperationObject {
  const { id, tag, summary, description, scope, parameters, request } = operation;
  const responses: Record<string, ResponseObject> = {};
  for (const [status, response] of Object.entries(operation.answers)) {
    const { data, meta, otherForms = {}, headers = [], optionalHeaders = [] } = response;
    responses[status] = {
      description: response.description,
      headers: headersOf(['x-request-id', ...headers], optionalHeaders),
      ...(data === undefined || meta === undefined
        ? {}
        : {
            content: {
              'application/json': {
                schema: jsonSchema(envelopeOf(data, meta, noErrors)),
                ...definedOf({ example: response.example }),
              },
              ...otherForms,
            },
          }),
    };
  }
  // Unknown parameters are refused everywhere.
  const errors = new Set<RequestErrorCode>(['MALFORMED_PARAMETER', ...operation.errors]);
  // Every key has the least scope.
  if (scope !== SCOPES[0]) errors.add('SCOPE_MISSING');
  for (const [status, codes] of codesByStatus([...errors])) responses[status] = refusal(codes);
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: [description, scopeText(operation)].filter((part) => part !== undefined).join('\n\n'),
    security: [{ apiKey: [scope] }],
    parameters: parameters.map(parameterObject),
    ...(request !== undefined
      ? {
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: jsonSchema(COMPONENTS[request]),
                example: REQUEST_EXAMPLES[request],
              },
            },
          },
        }
      : {}),
    responses,
  };
}

function scopeText({ scope, higherScope }: Operation): string {
  const higher = higherScope === undefined ? '' : `; ${higherScope.when} \`${higherScope.scope}\``;
  return `Needs the scope \`${scope}\`${higher}.`;
}

function codesByStatus(codes: readonly RequestErrorCode[]): Map<string, RequestErrorCode[]> {
  const byStatus = new Map(Object.entries(GATEWAY_CODES).map(([status, list]) => [status, [...list]]));
  for (const code of codes) {
    const status = String(REQUEST_ERRORS[code]);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

function refusal(codes: readonly RequestErrorCode[]): ResponseObject {
  const [always, sometimes] = refusalHeaders(codes);
  const examples = codes
    .filter((code) => Object.hasOwn(EXAMPLES.refusals, code))
    .map((code) => [code, { value: EXAMPLES.refusals[code as keyof typeof EXAMPLES.refusals] }]);
  return {
    description: codes.map((code) => `\`${code}\` ${REQUEST_EXPLANATIONS[code].cause}`).join(' · '),
    headers: headersOf(['x-request-id', ...always], sometimes),
    content: {
      'application/json': {
        schema: jsonSchema(refusalEnvelope(codes)),
        ...definedOf({ examples: examples.length === 0 ? undefined : Object.fromEntries(examples) }),
      },
    },
  };
}

/** A request that is refused for its items lists their errors, too. */
function refusalEnvelope(codes: readonly RequestErrorCode[]): v.GenericSchema {
  const isOfItems = codes.includes('INVALID_ITEMS');
  const error = errorOf(isOfItems ? [...new Set([...codes, ...INVALID_CODES])] : codes);
  const errors = v.pipe(v.array(error), v.minLength(1));
  return envelopeOf(v.null(), isOfItems ? v.union([nothing, invalidItemsMeta]) : nothing, errors);
}

function refusalHeaders(codes: readonly RequestErrorCode[]): [always: HeaderName[], sometimes: HeaderName[]] {
  if (codes.includes('UNAUTHORIZED')) return [['www-authenticate'], []];
  if (codes.includes('TOO_MANY_REQUESTS')) return [['retry-after'], []];
  return [[], codes.includes('IDEMPOTENCY_KEY_IN_USE') ? ['retry-after'] : []];
}

function headersOf(always: readonly HeaderName[], sometimes: readonly HeaderName[]) {
  const header = (name: HeaderName, required: boolean) => [
    name,
    { description: HEADERS[name], required, schema: headerSchema(name) },
  ];
  return Object.fromEntries([
    ...always.map((name) => header(name, true)),
    ...sometimes.map((name) => header(name, false)),
  ]);
}

function headerSchema(name: HeaderName): JsonSchema {
  if (name === 'retry-after') return { type: 'integer', minimum: 1 };
  if (name === 'idempotency-replayed') return { type: 'boolean' };
  return { type: 'string', minLength: 1 };
}

function parameterObject({ schema, isConverted = false, ...rest }: Parameter): ParameterObject {
  const described = jsonSchema(schema, isConverted ? 'output' : 'input');
  // The default of a converted parameter is text as well.
  if (isConverted) described.default = Number(described.default);
  return { ...rest, required: rest.in === 'path', schema: described };
}

function jsonSchema(schema: v.GenericSchema, typeMode: 'input' | 'output' = 'input'): JsonSchema {
  const { $schema, $defs, ...rest } = toJsonSchema(schema, {
    ...CONVERSION,
    typeMode,
    definitions: COMPONENTS,
  });
  return rest;
}
