import { describe, expect, it } from 'vitest';
import { answerMock, type MockIntegration } from '../../../../lib/local/mock-integration.ts';

const REFUSAL: MockIntegration = {
  Type: 'MOCK',
  PassthroughBehavior: 'NEVER',
  ContentHandling: 'CONVERT_TO_TEXT',
  RequestTemplates: { 'application/json': '{"statusCode":405}', 'text/plain': '{"statusCode":405}' },
  IntegrationResponses: [
    { StatusCode: '200', SelectionPattern: '2..', ContentHandling: 'CONVERT_TO_TEXT' },
    {
      StatusCode: '405',
      ContentHandling: 'CONVERT_TO_TEXT',
      ResponseParameters: {
        'method.response.header.Allow': "'GET, HEAD'",
        'method.response.header.x-request-id': 'context.requestId',
      },
      ResponseTemplates: { 'application/json': '{}' },
    },
  ],
};

describe('a mock integration', () => {
  it.each([undefined, '', 'application/json', 'Application/JSON; charset=utf-8', 'text/plain;charset=UTF-8'])(
    'answers what its templates say to the content type %s',
    (contentType) => {
      expect(answerMock(REFUSAL, contentType, 'r-1')).toEqual({
        status: 405,
        headers: { 'content-type': 'application/json', allow: 'GET, HEAD', 'x-request-id': 'r-1' },
        body: '{}',
      });
    },
  );

  const responses = REFUSAL.IntegrationResponses ?? [];
  it.each<[string, Partial<MockIntegration>, string]>([
    ['has no template for the content type', { RequestTemplates: {} }, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'takes the body for the status',
      { RequestTemplates: {}, PassthroughBehavior: 'WHEN_NO_MATCH' },
      'API_CONFIGURATION_ERROR',
    ],
    [
      'has no number for a status',
      { RequestTemplates: { 'application/json': '{"statusCode":"405"}' } },
      'API_CONFIGURATION_ERROR',
    ],
    [
      'has no response for the status',
      { IntegrationResponses: responses.slice(0, 1) },
      'API_CONFIGURATION_ERROR',
    ],
    ['would read the request as binary', { ContentHandling: '' }, 'API_CONFIGURATION_ERROR'],
    [
      'would read the response as binary',
      { IntegrationResponses: responses.map(({ ContentHandling: _, ...response }) => response) },
      'API_CONFIGURATION_ERROR',
    ],
  ])('fails as on AWS when it %s', (_what, change, error) => {
    expect(() => answerMock({ ...REFUSAL, ...change }, undefined, 'r-1')).toThrow(error);
  });
});
