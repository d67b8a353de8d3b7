import {
  AuthorizationType,
  ContentHandling,
  type MethodOptions,
  MockIntegration,
  PassthroughBehavior,
} from 'aws-cdk-lib/aws-apigateway';
import { REQUEST_ERRORS } from '../../../lambdas/contract/errors.ts';
import { errorTemplate, GATEWAY_HEADERS } from './gateway-errors.ts';

/**
 * The content types that a client may send with a method that the path does not take. A mock integration needs a
 * template for each, whose status it answers: without one it takes the request's body for the template's result, and
 * answers 500 (aws/aws-cdk#16323), or 415 where that is forbidden, as here. Parameters such as a charset do not count; a
 * request without a content type counts as JSON.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
 */
const CONTENT_TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'application/octet-stream',
  'application/x-ndjson',
  'application/merge-patch+json',
  'application/json-patch+json',
  'application/xml',
  'application/gzip',
  'multipart/form-data',
  'text/plain',
  'text/csv',
  'text/html',
  'text/xml',
];

/**
 * Returns the integration of the method `ANY`, which takes what no other method of its resource takes: 405 with `Allow`,
 * from API Gateway itself, so that it needs no API key and no function.
 */
export function methodNotAllowed(allowed: readonly string[]): [MockIntegration, MethodOptions] {
  const status = REQUEST_ERRORS.METHOD_NOT_ALLOWED;
  const list = allowed.join(', ');
  const headers = Object.entries({ ...GATEWAY_HEADERS, Allow: `'${list}'` }).map(
    ([name, value]): [string, string] => [`method.response.header.${name}`, value],
  );
  const integration = new MockIntegration({
    passthroughBehavior: PassthroughBehavior.NEVER,
    // The API takes every body as binary, which no template can read: 500 without this, in both directions.
    // https://github.com/aws/chalice/issues/1310, https://github.com/serverless/serverless/pull/11010
    contentHandling: ContentHandling.CONVERT_TO_TEXT,
    requestTemplates: Object.fromEntries(
      CONTENT_TYPES.map((type) => [type, JSON.stringify({ statusCode: status })]),
    ),
    integrationResponses: [
      {
        statusCode: String(status),
        contentHandling: ContentHandling.CONVERT_TO_TEXT,
        responseParameters: Object.fromEntries(headers),
        responseTemplates: {
          'application/json': errorTemplate(
            'METHOD_NOT_ALLOWED',
            `This path does not take this method. Use ${allowed.join(' or ')}, or see the list of endpoints in the documentation.`,
          ),
        },
      },
    ],
  });
  return [
    integration,
    {
      authorizationType: AuthorizationType.NONE,
      methodResponses: [
        {
          statusCode: String(status),
          responseParameters: Object.fromEntries(headers.map(([name]) => [name, true])),
        },
      ],
    },
  ];
}
