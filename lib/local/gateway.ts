import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { APIGatewayAuthorizerResult, APIGatewayProxyResult } from 'aws-lambda';
import type { RequestHandler } from 'sirv';
import { type FunctionHost, InvocationError } from './functions.ts';
import {
  GatewayFailure,
  GatewayResponses,
  type GatewayResponseType,
  type HttpResponse,
} from './gateway-responses.ts';
import { isForThisMachine } from './loopback.ts';
import { answerMock } from './mock-integration.ts';
import { proxyEvent, referenceOf, tokenEvent } from './proxy-event.ts';
import { RateRules } from './rate-rules.ts';
import { findRoute, functionOf, readRoutes, type TemplateRoute } from './routes.ts';
import { tell } from './tell.ts';
import type { Template } from './template.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MAX_PAYLOAD_BYTES = 10 * 1024 * 1024;
/** The same: request line and headers together. */
const MAX_HEADER_BYTES = 10_240;
/** Of a method with an authorizer: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const MAX_METHOD_ARN_BYTES = 1600;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: request and response, each as JSON. */
const MAX_EVENT_BYTES = 6 * 1024 * 1024;

/** What the HTTP parser refuses, unless it is malformed. */
const PARSER_ERRORS: Record<string, GatewayResponseType> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
};

/** How long a client that is refused may go on sending. */
const LINGER_MS = 2_000;

/**
 * Serves the template's REST API as API Gateway does: routes, authorizer, limits and error responses. The console, if
 * there is one, comes first, as in CloudFront.
 */
export class Gateway {
  readonly #functions: FunctionHost;
  readonly #routes: TemplateRoute[];
  readonly #responses: GatewayResponses;
  readonly #rateRules: RateRules;
  readonly #authorizer: { functionId: string; validation: RegExp; cacheMs: number };
  readonly #stage: string;
  readonly #isBinary: boolean;
  readonly #authorized = new Map<string, { answer: APIGatewayAuthorizerResult; until: number }>();
  readonly #server: Server;

  constructor(template: Template, functions: FunctionHost, serveConsole?: RequestHandler) {
    this.#functions = functions;
    this.#routes = readRoutes(template);
    this.#responses = new GatewayResponses(template);
    this.#rateRules = new RateRules(template);
    const [[, authorizer] = []] = template.ofType('AWS::ApiGateway::Authorizer');
    this.#authorizer = {
      functionId: functionOf(template.resolve(authorizer?.AuthorizerUri)),
      validation: new RegExp(String(authorizer?.IdentityValidationExpression ?? '')),
      cacheMs: Number(authorizer?.AuthorizerResultTtlInSeconds ?? 0) * 1000,
    };
    const [[, stage] = []] = template.ofType('AWS::ApiGateway::Stage');
    this.#stage = String(stage?.StageName);
    const [[, api] = []] = template.ofType('AWS::ApiGateway::RestApi');
    this.#isBinary = ((api?.BinaryMediaTypes ?? []) as string[]).includes('*/*');
    this.#server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
      if (!isForThisMachine(request)) {
        this.#refuse(response, 'MISDIRECTED');
        return;
      }
      const serveApi = () => this.#serve(request, response);
      if (serveConsole === undefined) void serveApi();
      else serveConsole(request, response, serveApi);
    })
      .on('checkExpectation', (_request, response) => this.#refuse(response, 'EXPECTATION_FAILED'))
      .on('connect', (_request, socket) => this.#refuseOn(socket, 'BAD_REQUEST'))
      .on('clientError', (error: NodeJS.ErrnoException, socket) =>
        this.#refuseOn(socket, PARSER_ERRORS[error.code ?? ''] ?? 'BAD_REQUEST'),
      );
  }

  /** @returns the URL it listens at */
  async listen(port: number): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeIdleConnections();
    const forced = setTimeout(() => this.#server.closeAllConnections(), 2_000);
    await once(this.#server, 'close');
    clearTimeout(forced);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    let answer: HttpResponse;
    try {
      answer = await this.#handle(request, requestId);
    } catch (error) {
      if (!(error instanceof GatewayFailure)) tell('The local gateway failed:', error);
      answer = this.#responses.answer(
        error instanceof GatewayFailure ? error.error : 'API_CONFIGURATION_ERROR',
        requestId,
      );
    }
    // Of a HEAD as of a GET (RFC 9110, 9.3.2): API Gateway is given the body, and does not send it. 304 has none.
    const length = answer.status === 304 ? {} : { 'content-length': Buffer.byteLength(answer.body) };
    response.writeHead(answer.status, { ...answer.headers, ...length });
    response.end(answer.body);
  }

  #refuse(response: ServerResponse, error: GatewayResponseType): void {
    const { status, headers, body } = this.#responses.answer(error, randomUUID());
    response.writeHead(status, { ...headers, connection: 'close' });
    response.end(body);
  }

  /** Refuses what has no response object, since it has not become a request. */
  #refuseOn(socket: Duplex, error: GatewayResponseType): void {
    // A client that has gone needs no response.
    socket.on('error', () => socket.destroy());
    if (!socket.writable) return;
    const { status, headers, body } = this.#responses.answer(error, randomUUID());
    const fields = { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' };
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n`;
    socket.end(`${head}${body}`);
    // A connection closed while the client still sends would take the response with it.
    const lingering = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.on('end', () => socket.destroy()).on('close', () => clearTimeout(lingering));
  }

  async #handle(request: IncomingMessage, requestId: string): Promise<HttpResponse> {
    const body = await readBody(request);
    if (!this.#rateRules.admits(request.headers, Date.now())) throw new GatewayFailure('WAF_FILTERED');
    const target = referenceOf(request.url ?? '/');
    const found = findRoute(this.#routes, request.method ?? '', segmentsOf(target.path));
    if (found === undefined) throw new GatewayFailure('MISSING_AUTHENTICATION_TOKEN');
    const { route, parameters } = found;
    const { integration, isAuthorized } = route;
    const authorizer = isAuthorized ? await this.#authorize(request, target.path, requestId) : undefined;
    if (integration.Type === 'MOCK') {
      return answerMock(integration, request.headers['content-type'], requestId);
    }
    const context = { requestId, stage: this.#stage, time: new Date(), isBinary: this.#isBinary };
    const event = proxyEvent({ request, target, route, parameters, body, authorizer, ...context });
    if (jsonBytes(event) > MAX_EVENT_BYTES) throw new GatewayFailure('REQUEST_TOO_LARGE');
    const result = await this.#invoke(functionOf(integration.Uri), event, requestId);
    return httpResponse(result as APIGatewayProxyResult);
  }

  /** @returns what the functions are told: the authorizer's context, whom it is about, and how long that took */
  async #authorize(
    request: IncomingMessage,
    path: string,
    requestId: string,
  ): Promise<Record<string, unknown>> {
    const start = Date.now();
    const token = request.headers.authorization ?? '';
    const { functionId, validation, cacheMs } = this.#authorizer;
    if (token === '' || !validation.test(token)) throw new GatewayFailure('UNAUTHORIZED');
    const event = tokenEvent(token, request.method ?? '', path, this.#stage);
    if (Buffer.byteLength(event.methodArn) > MAX_METHOD_ARN_BYTES) throw new GatewayFailure('URI_TOO_LONG');
    const known = this.#authorized.get(token);
    let answer = known !== undefined && known.until > Date.now() ? known.answer : undefined;
    if (answer === undefined) {
      answer = (await this.#functions.invoke(functionId, event, requestId).catch((error: unknown) => {
        const isUnknown = error instanceof InvocationError && error.message === 'Unauthorized';
        if (!isUnknown) tell('The authorizer failed:', error);
        throw new GatewayFailure(isUnknown ? 'UNAUTHORIZED' : 'API_CONFIGURATION_ERROR');
      })) as APIGatewayAuthorizerResult;
      this.#authorized.set(token, { answer, until: Date.now() + cacheMs });
    }
    if (!allows(answer, event.methodArn)) throw new GatewayFailure('ACCESS_DENIED');
    const { principalId, context } = answer;
    return { principalId, integrationLatency: Date.now() - start, ...context };
  }

  async #invoke(functionId: string, event: unknown, requestId: string): Promise<unknown> {
    try {
      return await this.#functions.invoke(functionId, event, requestId);
    } catch (error) {
      if (!(error instanceof InvocationError)) throw error;
      tell(`${functionId}:`, error.message);
      throw new GatewayFailure(error.isTimeout ? 'INTEGRATION_TIMEOUT' : 'INTEGRATION_FAILURE');
    }
  }
}

/** Reads a body to its end, since a client that is still sending would not see a response. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += chunk.length;
      if (bytes <= MAX_PAYLOAD_BYTES) chunks.push(chunk);
    }
  } catch {
    // The client broke off, or sent what the parser refuses.
    throw new GatewayFailure('BAD_REQUEST');
  }
  if (bytes > MAX_PAYLOAD_BYTES) throw new GatewayFailure('REQUEST_TOO_LARGE');
  return Buffer.concat(chunks);
}

/**
 * Returns the segments after the first slash, as they were sent; none, which no route has, of another form of target. A
 * slash at the end does not count (aws/chalice#65, aws/aws-sam-cli#1495), but stays in the event's path.
 */
function segmentsOf(path: string): string[] {
  return path.startsWith('/') ? path.slice(1).replace(/\/$/, '').split('/') : [];
}

/** @throws GatewayFailure when it is not a response, or too large to have come back from a function */
export function httpResponse(result: APIGatewayProxyResult | undefined): HttpResponse {
  if (typeof result?.statusCode !== 'number' || jsonBytes(result) > MAX_EVENT_BYTES)
    throw new GatewayFailure('INTEGRATION_FAILURE');
  const { statusCode, headers = {}, body, isBase64Encoded } = result;
  return {
    status: statusCode,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    body: isBase64Encoded ? Buffer.from(body, 'base64') : (body ?? ''),
  };
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** Whether a policy allows a method, with `*` as a wildcard. */
function allows({ policyDocument }: APIGatewayAuthorizerResult, methodArn: string): boolean {
  return policyDocument.Statement.some((statement) => {
    const resources = 'Resource' in statement ? [statement.Resource].flat() : [];
    const matches = resources.some((resource) =>
      new RegExp(`^${String(resource).split('*').map(RegExp.escape).join('.*')}$`).test(methodArn),
    );
    return statement.Effect === 'Allow' && matches;
  });
}
