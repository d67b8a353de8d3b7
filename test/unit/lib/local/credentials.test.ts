import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localCredentials } from '../../../../lib/local/credentials.ts';
import { temporaryFolder } from '../../../support/folder.ts';

test('the access key id is another at each start, of letters and digits', async () => {
  const ids = await Promise.all([localCredentials(), localCredentials()]);
  const [one, other] = ids.map(({ AWS_ACCESS_KEY_ID }) => AWS_ACCESS_KEY_ID);
  expect(one).toMatch(/^[a-z0-9]{40}$/);
  expect(one).not.toBe(other);
});

test('where data is kept the id is kept with it, for nobody else to read', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  const first = await localCredentials({ dataDir });
  expect(await localCredentials({ dataDir })).toEqual(first);
  expect(statSync(join(dataDir, 'access-key-id')).mode & 0o777).toBe(0o600);
});

test('a database that runs already knows the usual id', async () => {
  const { AWS_ACCESS_KEY_ID } = await localCredentials({ dynamoDbEndpoint: 'http://127.0.0.1:8000' });
  expect(AWS_ACCESS_KEY_ID).toBe('local');
});
