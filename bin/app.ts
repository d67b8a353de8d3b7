import { App } from 'aws-cdk-lib';
import { EXIT_CODES } from '../lib/cli/exit-code.ts';
import { complain } from '../lib/cli/output.ts';
import { createBulkUpdateStack } from '../lib/infrastructure/app.ts';
import { ConfigurationError } from '../lib/infrastructure/configuration.ts';

try {
  createBulkUpdateStack(new App());
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  for (const fault of error.faults) complain(`${fault}.`);
  // At once, or CDK writes a cloud assembly without a stack.
  process.exit(EXIT_CODES.failed);
}
