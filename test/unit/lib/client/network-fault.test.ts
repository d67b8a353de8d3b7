import { expect, test } from 'vitest';
import { networkFault } from '../../../../lib/client/network-fault.ts';

/** An error as `fetch` throws it. */
const failed = (code: string, message = '') =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) });

test.each([
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another host. Check the URL of the API.'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired. Ask the operator of the API to renew it.'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'this machine does not trust its certificate. If the API'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'this machine does not trust its certificate. If the API'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'it does not speak TLS there. Check the URL of the API.'],
])('%s stays, and is told with what to do', (code, why) => {
  const { message, isLasting } = networkFault(failed(code, 'error:0A00010B:SSL\n'), 'https://api', true);
  expect(message).toContain(`No response from https://api: ${why}`);
  expect([message.includes('\n'), isLasting]).toEqual([false, true]);
});

test('a host that is not found stays so, unless the API has responded before', () => {
  expect(networkFault(failed('ENOTFOUND'), 'https://api', false)).toEqual({
    message: 'No response from https://api: there is no such host. Check the URL of the API.',
    isLasting: true,
  });
  expect(networkFault(failed('ENOTFOUND'), 'https://api', true).isLasting).toBe(false);
});

test.each([
  [failed('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1'), 'connect ECONNREFUSED 127.0.0.1:1'],
  [failed('ECONNREFUSED'), 'ECONNREFUSED'],
  [new TypeError('Failed to fetch.'), 'Failed to fetch'],
  ['odd', 'odd'],
])('%s may pass', (error, why) => {
  expect(networkFault(error, 'https://api', false)).toEqual({
    message: `No response from https://api: ${why}. Check the URL of the API and the network.`,
    isLasting: false,
  });
});
