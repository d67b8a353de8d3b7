import { startFiles } from '../../lib/local/files.ts';

/** As the SDK takes them from the environment. */
export const CREDENTIALS = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'anybodysGuess',
  AWS_SECRET_ACCESS_KEY: 'local',
};

/** Starts the local S3 with one bucket. */
export function startLocalFiles(bucket: string, dataDir?: string) {
  const template = {
    ofType: () => [['Bucket', { BucketName: bucket }] as [string, Record<string, unknown>]],
    resolve: (value: unknown) => value,
    setReference: () => {},
  };
  return startFiles(template, CREDENTIALS, dataDir);
}
