import { GatewayFailure, type HttpResponse, mappedHeaders } from './gateway-responses.ts';

/** A mock integration as the template has it. */
export interface MockIntegration {
  Type: 'MOCK';
  PassthroughBehavior?: string;
  ContentHandling?: string;
  RequestTemplates?: Record<string, string>;
  IntegrationResponses?: {
    StatusCode: string;
    SelectionPattern?: string;
    ContentHandling?: string;
    ResponseParameters?: Record<string, string>;
    ResponseTemplates?: Record<string, string>;
  }[];
}

/**
 * Answers as API Gateway does with a mock integration of an API that takes every body as binary.
 *
 * The template for the request's content type makes a status, and that picks the response.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
 * @throws GatewayFailure 415 without a template, 500 of what cannot be a text or makes no status
 */
export function answerMock(
  integration: MockIntegration,
  contentType: string | undefined,
  requestId: string,
): HttpResponse {
  const [type = ''] = (contentType || 'application/json').split(';');
  const template = integration.RequestTemplates?.[type.trim().toLowerCase()];
  if (template === undefined) {
    const isRefused = integration.PassthroughBehavior === 'NEVER';
    throw new GatewayFailure(isRefused ? 'UNSUPPORTED_MEDIA_TYPE' : 'API_CONFIGURATION_ERROR');
  }
  const { statusCode } = JSON.parse(template) as { statusCode?: unknown };
  const responses = integration.IntegrationResponses ?? [];
  const response =
    responses.find(({ SelectionPattern = '' }) => isWhole(SelectionPattern, String(statusCode))) ??
    responses.find(({ SelectionPattern = '' }) => SelectionPattern === '');
  const isText = [integration, response].every((part) => part?.ContentHandling === 'CONVERT_TO_TEXT');
  if (typeof statusCode !== 'number' || response === undefined || !isText) {
    throw new GatewayFailure('API_CONFIGURATION_ERROR');
  }
  return {
    status: Number(response.StatusCode),
    headers: mappedHeaders(response.ResponseParameters, requestId),
    body: response.ResponseTemplates?.['application/json'] ?? '',
  };
}

function isWhole(pattern: string, text: string): boolean {
  return pattern !== '' && new RegExp(`^(?:${pattern})$`).test(text);
}
