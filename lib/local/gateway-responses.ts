import type { Template } from './template.ts';

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** The gateway's own errors that occur locally, with API Gateway's status for each. */
const DEFAULT_STATUS = {
  UNAUTHORIZED: 401,
  ACCESS_DENIED: 403,
  MISSING_AUTHENTICATION_TOKEN: 403,
  WAF_FILTERED: 403,
  REQUEST_TOO_LARGE: 413,
  URI_TOO_LONG: 414,
  UNSUPPORTED_MEDIA_TYPE: 415,
  // API Gateway's front refuses these before it knows an API, in a form of its own; here they look like the rest.
  BAD_REQUEST: 400,
  REQUEST_TIMEOUT: 408,
  EXPECTATION_FAILED: 417,
  MISDIRECTED: 421,
  HEADERS_TOO_LARGE: 431,
  INTEGRATION_FAILURE: 504,
  INTEGRATION_TIMEOUT: 504,
  API_CONFIGURATION_ERROR: 500,
} as const;

/** For whom the text of the template would not tell what to do. */
const LOCAL_MESSAGES: Readonly<Record<string, string>> = {
  MISDIRECTED:
    'The local API has no other names than localhost and 127.0.0.1, so that no page of the web can use it. Use one of them in the URL.',
};

export type GatewayResponseType = keyof typeof DEFAULT_STATUS;

/** Ends a request with an error of the gateway itself. */
export class GatewayFailure extends Error {
  readonly error: GatewayResponseType;

  constructor(error: GatewayResponseType) {
    super(error);
    this.error = error;
  }
}

interface GatewayResponse {
  ResponseType: string;
  StatusCode?: string;
  ResponseParameters?: Record<string, string>;
  ResponseTemplates?: Record<string, string>;
}

/** Answers errors of the gateway itself with the template's gateway responses. */
export class GatewayResponses {
  readonly #byType: Map<string, GatewayResponse>;

  constructor(template: Template) {
    const responses = template
      .ofType('AWS::ApiGateway::GatewayResponse')
      .map(([, properties]) => properties as unknown as GatewayResponse);
    this.#byType = new Map(responses.map((response) => [response.ResponseType, response]));
  }

  answer(error: GatewayResponseType, requestId: string): HttpResponse {
    const status = DEFAULT_STATUS[error];
    const response =
      this.#byType.get(error) ?? this.#byType.get(status < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
    const headers = mappedHeaders(response?.ResponseParameters, requestId);
    const body = response?.ResponseTemplates?.['application/json'] ?? '{"message":null}';
    return {
      status: Number(response?.StatusCode ?? status),
      headers,
      body: withMessage(body, LOCAL_MESSAGES[error]),
    };
  }
}

/** The headers that response parameters make, such as `gatewayresponse.header.Allow`: constants, or the request's id. */
export function mappedHeaders(
  parameters: Record<string, string> = {},
  requestId: string,
): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  for (const [name, value] of Object.entries(parameters)) {
    const header = name.replace(/^.*\.header\./, '').toLowerCase();
    headers[header] = value === 'context.requestId' ? requestId : value.replace(/^'|'$/g, '');
  }
  return headers;
}

function withMessage(body: string, message: string | undefined): string {
  if (message === undefined) return body;
  return JSON.stringify(JSON.parse(body, (key, value) => (key === 'message' ? message : value)));
}
