/** What to do about failures of AWS, by the name of the error. Their messages do not say it. */
const REMEDIES: Readonly<Record<string, string>> = {
  ResourceNotFoundException:
    'There is no such table in this account and region. Check its name, which is an output of the stack, and the region.',
  QueueDoesNotExist:
    'There is no such queue in this account and region. Check its URL, which is an output of the stack, and the region.',
  CredentialsProviderError:
    'No credentials were found. Sign in to AWS, or choose a profile with AWS_PROFILE.',
};

/** Returns why a command of operators failed and what to do, in a line. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, code, path } = error as NodeJS.ErrnoException;
  if (message === 'Region is missing') return 'The region is missing. Set AWS_REGION, e.g. to eu-central-1.';
  if (code === 'ENOENT' && path !== undefined) return `There is no file "${path}". Check its name.`;
  if (code === 'ECONNREFUSED') return `Nothing answers: ${message}. Check the variables AWS_ENDPOINT_URL_….`;
  return REMEDIES[name] ?? message;
}
