import { expect, test } from 'vitest';
import { ALLOWED_METHODS, methodsOf } from '../../../../lib/openapi/routes.ts';

test('where GET is answered, HEAD is', () => {
  expect(methodsOf({ method: 'GET' })).toEqual(['GET', 'HEAD']);
  expect(methodsOf({ method: 'POST' })).toEqual(['POST']);
});

test('a path allows the methods of its routes', () => {
  expect(ALLOWED_METHODS.get('/v1/ext/procedure/{procedure}/process')).toEqual(['PATCH']);
  expect(ALLOWED_METHODS.get('/v1/ext/background-job')).toEqual(['GET', 'HEAD']);
});
