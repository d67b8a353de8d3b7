import { type AppProps, Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { describe, expect, it } from 'vitest';
import { REQUEST_ERRORS } from '../../lambdas/contract/errors.ts';
import { answerMock, type MockIntegration } from '../../lib/local/mock-integration.ts';
import { propertiesOf, readable, resourcesOf, synthesize, withApp } from './synthesize.ts';

interface PathProperties {
  ParentId: unknown;
  PathPart: string;
}
interface MethodProperties {
  HttpMethod: string;
  ResourceId: unknown;
  AuthorizationType: string;
  AuthorizerId: unknown;
  Integration: { Type: string; IntegrationHttpMethod: string; Uri: unknown };
  MethodResponses?: { StatusCode: string; ResponseParameters: Record<string, boolean> }[];
}
interface GatewayResponseProperties {
  ResponseType: string;
  StatusCode?: string;
  ResponseParameters: Record<string, string>;
  ResponseTemplates: Record<string, string>;
}

const template = synthesize();
const allMethods = Object.values(resourcesOf<MethodProperties>(template, 'AWS::ApiGateway::Method')).map(
  ({ Properties }) => Properties,
);
const methods = allMethods.filter(({ HttpMethod }) => HttpMethod !== 'ANY');
const others = allMethods.filter(({ HttpMethod }) => HttpMethod === 'ANY');
const paths = resourcesOf<PathProperties>(template, 'AWS::ApiGateway::Resource');
const gatewayResponses = Object.values(
  resourcesOf<GatewayResponseProperties>(template, 'AWS::ApiGateway::GatewayResponse'),
).map(({ Properties }): [type: string, GatewayResponseProperties] => [Properties.ResponseType, Properties]);

/** API Gateway's status of each response type; the general ones keep the status that they stand in for. */
const DEFAULT_STATUS: Record<string, number> = {
  UNAUTHORIZED: 401,
  ACCESS_DENIED: 403,
  MISSING_AUTHENTICATION_TOKEN: 403,
  INVALID_SIGNATURE: 403,
  REQUEST_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  THROTTLED: 429,
  DEFAULT_4XX: 400,
  DEFAULT_5XX: 500,
};

function pathOf(resource: unknown): string {
  const path = paths[readable(resource)]?.Properties;
  return path === undefined ? '' : `${pathOf(path.ParentId)}/${path.PathPart}`;
}

/** The function in `arn:…:lambda:path/2015-03-31/functions/<function's ARN>/invocations`. */
function functionOf(uri: unknown): string | undefined {
  return /functions\/(\w+)\.Arn\/invocations$/.exec(readable(uri))?.[1];
}

describe('routes', () => {
  it('are these, each answered by this function', () => {
    const routes = methods.map(({ HttpMethod, ResourceId, Integration }) => [
      `${HttpMethod} ${pathOf(ResourceId)}`,
      functionOf(Integration.Uri),
    ]);
    expect(Object.fromEntries(routes)).toEqual({
      'PATCH /v1/ext/procedure/{procedure}/process': 'Accept',
      'POST /v1/ext/procedure/{procedure}/process/bulk-create': 'Accept',
      'GET /v1/ext/procedure': 'ReadProcedure',
      'GET /v1/ext/api-key': 'ReadApiKey',
      'GET /v1/ext/procedure/{procedure}': 'ReadProcedure',
      'GET /v1/ext/procedure/{procedure}/process/{identifier}': 'ReadProcess',
      'GET /v1/ext/procedure/{procedure}/process/{identifier}/{value}': 'ReadProcess',
      'GET /v1/ext/background-job': 'ReadJob',
      'GET /v1/ext/background-job/{id}': 'ReadJob',
      'GET /v1/ext/background-job/{id}/entries': 'ReadEntries',
      'POST /v1/ext/background-job/{id}/cancel': 'ControlJob',
      'POST /v1/ext/background-job/{id}/approve': 'ControlJob',
      'POST /v1/ext/background-job/{id}/retry': 'ControlJob',
      'POST /v1/ext/background-job/{id}/undo': 'UndoJob',
      'POST /v1/ext/procedure/{procedure}/process/file': 'FileJob',
      'GET /v1/ext/background-job/{id}/upload': 'FileJob',
      'HEAD /v1/ext/background-job/{id}/upload': 'FileJob',
      'POST /v1/ext/background-job/{id}/upload-complete': 'FileJob',
      'GET /v1/ext/background-job/{id}/results': 'FileJob',
      'HEAD /v1/ext/background-job/{id}/results': 'FileJob',
      'GET /openapi.json': 'Documentation',
      'GET /docs': 'Documentation',
      'GET /docs/{file}': 'Documentation',
      'HEAD /v1/ext/procedure': 'ReadProcedure',
      'HEAD /v1/ext/api-key': 'ReadApiKey',
      'HEAD /v1/ext/procedure/{procedure}': 'ReadProcedure',
      'HEAD /v1/ext/procedure/{procedure}/process/{identifier}': 'ReadProcess',
      'HEAD /v1/ext/procedure/{procedure}/process/{identifier}/{value}': 'ReadProcess',
      'HEAD /v1/ext/background-job': 'ReadJob',
      'HEAD /v1/ext/background-job/{id}': 'ReadJob',
      'HEAD /v1/ext/background-job/{id}/entries': 'ReadEntries',
      'HEAD /openapi.json': 'Documentation',
      'HEAD /docs': 'Documentation',
      'HEAD /docs/{file}': 'Documentation',
    });
  });

  it('refuse every other method of a path without an API key, and say which it takes', () => {
    const allowed = Object.fromEntries(
      others.map(({ ResourceId, Integration }) => {
        const { ResponseParameters = {} } = (Integration as unknown as MockIntegration)
          .IntegrationResponses?.[0] ?? { StatusCode: '' };
        return [pathOf(ResourceId), ResponseParameters['method.response.header.Allow']];
      }),
    );
    expect(allowed).toEqual({
      '/v1/ext/procedure/{procedure}/process': "'PATCH'",
      '/v1/ext/procedure/{procedure}/process/bulk-create': "'POST'",
      '/v1/ext/procedure/{procedure}/process/file': "'POST'",
      '/v1/ext/procedure': "'GET, HEAD'",
      '/v1/ext/api-key': "'GET, HEAD'",
      '/v1/ext/procedure/{procedure}': "'GET, HEAD'",
      '/v1/ext/procedure/{procedure}/process/{identifier}': "'GET, HEAD'",
      '/v1/ext/procedure/{procedure}/process/{identifier}/{value}': "'GET, HEAD'",
      '/v1/ext/background-job': "'GET, HEAD'",
      '/v1/ext/background-job/{id}': "'GET, HEAD'",
      '/v1/ext/background-job/{id}/entries': "'GET, HEAD'",
      '/v1/ext/background-job/{id}/cancel': "'POST'",
      '/v1/ext/background-job/{id}/approve': "'POST'",
      '/v1/ext/background-job/{id}/retry': "'POST'",
      '/v1/ext/background-job/{id}/undo': "'POST'",
      '/v1/ext/background-job/{id}/upload': "'GET, HEAD'",
      '/v1/ext/background-job/{id}/upload-complete': "'POST'",
      '/v1/ext/background-job/{id}/results': "'GET, HEAD'",
      '/openapi.json': "'GET, HEAD'",
      '/docs': "'GET, HEAD'",
      '/docs/{file}': "'GET, HEAD'",
    });
    expect(new Set(others.map(({ AuthorizationType }) => AuthorizationType))).toEqual(new Set(['NONE']));
  });

  it('refuse it with the envelope, and with headers that the method declares, as API Gateway asks for', () => {
    for (const { Integration, MethodResponses = [] } of others) {
      const { status, headers, body } = answerMock(
        Integration as unknown as MockIntegration,
        undefined,
        'request',
      );
      expect(status).toBe(405);
      expect(headers).toMatchObject({ 'x-request-id': 'request', 'cache-control': 'no-store' });
      expect(JSON.parse(String(body))).toEqual({
        _data: null,
        _meta: {},
        _errors: [
          {
            code: 'METHOD_NOT_ALLOWED',
            message: expect.stringContaining(`Use ${headers.allow?.replace(', ', ' or ')}`),
          },
        ],
      });
      // A `$` or `#` would begin a variable or directive of the template.
      expect(body).not.toMatch(/[$#]/);
      const [declared] = MethodResponses;
      const [response] = (Integration as unknown as MockIntegration).IntegrationResponses ?? [];
      expect(declared?.StatusCode).toBe('405');
      expect(Object.keys(declared?.ResponseParameters ?? {})).toEqual(
        Object.keys(response?.ResponseParameters ?? {}),
      );
    }
  });

  it('are proxied to the function untouched', () => {
    for (const { Integration } of methods) {
      expect(Integration).toMatchObject({ Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST' });
    }
    const { BinaryMediaTypes } = propertiesOf<{ BinaryMediaTypes: string[] }>(
      template,
      'AWS::ApiGateway::RestApi',
      'BulkApi',
    );
    expect(BinaryMediaTypes).toEqual(['*/*']);
  });

  it('need an API key that the authorizer knows, but for the documentation', () => {
    const isDocumentation = ({ Integration }: MethodProperties) =>
      functionOf(Integration.Uri) === 'Documentation';
    for (const { AuthorizationType, AuthorizerId } of methods.filter((method) => !isDocumentation(method))) {
      expect(AuthorizationType).toBe('CUSTOM');
      expect(readable(AuthorizerId)).toBe('BulkApiAuthorizer');
    }
    const open = methods.filter(isDocumentation);
    expect(open.map(({ AuthorizationType }) => AuthorizationType)).toEqual(Array(6).fill('NONE'));
  });
});

describe('the authorizer', () => {
  const authorizer = propertiesOf<Record<string, unknown>>(
    template,
    'AWS::ApiGateway::Authorizer',
    'BulkApiAuthorizer',
  );

  it('reads the header Authorization and is cached for a minute', () => {
    expect(authorizer).toMatchObject({
      Type: 'TOKEN',
      IdentitySource: 'method.request.header.Authorization',
      AuthorizerResultTtlInSeconds: 60,
    });
    expect(functionOf(authorizer.AuthorizerUri)).toBe('Authorize');
  });

  it.each([
    ['Bearer some-key', true],
    ['bearer some-key', true],
    ['Bearer  some-key', false],
    ['Bearer\tsome-key', false],
    ['Bearer some-key, other', false],
    ['BEARER some-key', true],
    ['Bearer ', false],
    ['Bearer', false],
    ['Bearer some key', false],
    ['Basic c29tZTprZXk=', false],
    ['some-key', false],
  ])('is asked about "%s": %s', (header, isAsked) => {
    expect(new RegExp(String(authorizer.IdentityValidationExpression)).test(header)).toBe(isAsked);
  });
});

it('a changed authorizer is deployed anew', () => {
  const deployment = (props: AppProps) =>
    withApp(props, (_app, stack) =>
      Object.keys(Template.fromStack(stack).findResources('AWS::ApiGateway::Deployment')),
    );
  // As if the time for which an authorization is reused were changed in the code.
  const propertyInjectors = [
    {
      constructUniqueId: TokenAuthorizer.PROPERTY_INJECTION_ID,
      inject: (props: object) => ({ ...props, resultsCacheTtl: Duration.seconds(30) }),
    },
  ];
  const context = { '@aws-cdk/core:failSynthOnValidationErrors': false };
  const before = deployment({ context });
  expect(before).toHaveLength(1);
  expect(deployment({ context })).toEqual(before);
  expect(deployment({ context, propertyInjectors })).not.toEqual(before);
});

describe('the stage', () => {
  it('is throttled, traced and logged', () => {
    const stage = propertiesOf<Record<string, unknown>>(
      template,
      'AWS::ApiGateway::Stage',
      'BulkApiDeploymentStagelive',
    );
    expect(stage).toMatchObject({
      StageName: 'live',
      TracingEnabled: true,
      MethodSettings: [
        {
          HttpMethod: '*',
          ResourcePath: '/*',
          // Its group is the service's own, without retention, and outlives the stack.
          LoggingLevel: 'OFF',
          ThrottlingRateLimit: 100,
          ThrottlingBurstLimit: 200,
          DataTraceEnabled: false,
        },
      ],
    });
    const { DestinationArn, Format } = stage.AccessLogSetting as { DestinationArn: unknown; Format: string };
    expect(readable(DestinationArn)).toMatch(/:log-group:BulkApiAccessLog$/);
    // What the execution log would tell: why a request failed, and at which part.
    expect(JSON.parse(Format)).toMatchObject({
      requestId: '$context.requestId',
      errorType: '$context.error.responseType',
      errorMessage: '$context.error.message',
      integrationError: '$context.integrationErrorMessage',
      authorizerError: '$context.authorizer.error',
    });
  });
});

describe("the gateway's own responses", () => {
  it('are these', () => {
    expect(gatewayResponses.map(([type]) => type).toSorted()).toEqual(Object.keys(DEFAULT_STATUS).toSorted());
  });

  it.each(gatewayResponses)('%s has the envelope and its code the right status', (type, response) => {
    expect(Object.keys(response.ResponseTemplates)).toEqual(['application/json']);
    const body = response.ResponseTemplates['application/json'] ?? '';
    // API Gateway would put a variable in unescaped.
    expect(body).not.toContain('$');
    const envelope = JSON.parse(body) as { _errors: { code: keyof typeof REQUEST_ERRORS }[] };
    expect(envelope).toEqual({
      _data: null,
      _meta: {},
      _errors: [{ code: expect.any(String), message: expect.stringMatching(/\w/) }],
    });
    const statuses = envelope._errors.map(({ code }) => REQUEST_ERRORS[code]);
    expect(statuses).toEqual([Number(response.StatusCode ?? DEFAULT_STATUS[type])]);
  });

  it('an unknown path is not found rather than forbidden', () => {
    const { StatusCode } = Object.fromEntries(gatewayResponses).MISSING_AUTHENTICATION_TOKEN ?? {};
    expect(StatusCode).toBe('404');
  });

  it('the general ones keep the status that they stand in for', () => {
    for (const type of ['DEFAULT_4XX', 'DEFAULT_5XX']) {
      expect(Object.fromEntries(gatewayResponses)[type]?.StatusCode).toBeUndefined();
    }
  });

  it.each(gatewayResponses)('%s has the headers that clients rely on', (type, { ResponseParameters }) => {
    expect(ResponseParameters).toEqual({
      'gatewayresponse.header.x-request-id': 'context.requestId',
      'gatewayresponse.header.Cache-Control': "'no-store'",
      'gatewayresponse.header.X-Content-Type-Options': "'nosniff'",
      'gatewayresponse.header.Strict-Transport-Security': "'max-age=15552000; includeSubDomains; preload'",
      ...(type === 'THROTTLED' ? { 'gatewayresponse.header.Retry-After': "'1'" } : {}),
      ...(type === 'UNAUTHORIZED' ? { 'gatewayresponse.header.WWW-Authenticate': "'Bearer'" } : {}),
    });
  });
});
