import { expect, test } from 'vitest';
import { findRoute, functionOf, type TemplateRoute } from '../../../../lib/local/routes.ts';

const route = (method: string, path: string) =>
  ({ method, path, segments: path.split('/').slice(1) }) as TemplateRoute;
const routes = ['GET /a/{id}', 'ANY /a/{id}', 'GET /a/b', 'POST /a/{id}/c/{d}'].map((text) => {
  const [method = '', path = ''] = text.split(' ');
  return route(method, path);
});
const find = (method: string, path: string) => {
  const found = findRoute(routes, method, path.split('/').slice(1));
  return found && [`${found.route.method} ${found.route.path}`, found.parameters];
};

test('a literal segment comes before a parameter, and a method before ANY', () => {
  expect(find('GET', '/a/b')).toEqual(['GET /a/b', {}]);
  expect(find('GET', '/a/x')).toEqual(['GET /a/{id}', { id: 'x' }]);
  expect(find('PUT', '/a/x')).toEqual(['ANY /a/{id}', { id: 'x' }]);
});

test('parameters are as they were sent', () => {
  expect(find('POST', '/a/x%2Fy/c/%20')).toEqual(['POST /a/{id}/c/{d}', { id: 'x%2Fy', d: '%20' }]);
});

test.each([
  ['GET', '/a'],
  ['GET', '/a/'],
  ['GET', '/a/b/c'],
  ['TRACE', '/a/x'],
])('%s %s has no route', (method, path) => expect(find(method, path)).toBeUndefined());

test('the function of an integration is the last name before its invocations', () => {
  const uri =
    'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:0:Accept1/invocations';
  expect(functionOf(uri)).toBe('Accept1');
  expect(functionOf(undefined)).toBe('');
});
