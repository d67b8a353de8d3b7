/** One execution environment: loads a bundled function and runs the invocations that its parent sends. */
import { pathToFileURL } from 'node:url';
import type { Answer, Invocation } from './functions.ts';

const [, , module = ''] = process.argv;
const { handler } = await import(pathToFileURL(module).href);

process.on('message', async ({ event, requestId, deadline }: Invocation) => {
  const context = {
    awsRequestId: requestId,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  process.send?.(await run(event, context));
});

// Nobody is left to answer to.
process.on('disconnect', () => process.exit());

process.send?.('ready');

async function run(event: unknown, context: unknown): Promise<Answer> {
  try {
    return { result: await handler(event, context) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { error: { name, message } };
  }
}
