import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BulkUpdateStack } from './bulk-update-stack.ts';
import { readConfiguration } from './configuration.ts';

/** Stages whose tables outlive the stack. Any other name makes a stage for trying things out. */
const PROTECTED_STAGES = ['prod', 'staging'];

/**
 * The stack of a stage, as configured by the context: `cdk deploy -c stage=prod`. Synthesis fails when it breaks a
 * rule of cdk-nag's AwsSolutions that its constructs do not acknowledge with a reason.
 *
 * @throws Error when the configuration is wrong
 */
export function createBulkUpdateStack(app: App): BulkUpdateStack {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const { stage, ...settings } = readConfiguration(app);
  return new BulkUpdateStack(app, `BulkUpdate-${stage}`, {
    isProtected: PROTECTED_STAGES.includes(stage),
    ...settings,
  });
}
