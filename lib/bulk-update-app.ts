import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BulkUpdateStack } from './bulk-update-stack.ts';

/** Stages whose tables outlive the stack. Any other name makes a stage for trying things out. */
const PROTECTED_STAGES = ['prod', 'staging'];

/**
 * The stack of a stage; the context `stage` names it: `cdk deploy -c stage=prod`. Synthesis fails when it
 * breaks a rule of cdk-nag's AwsSolutions that its constructs do not acknowledge with a reason.
 *
 * @default stage - 'dev'
 */
export function createBulkUpdateStack(app: App): BulkUpdateStack {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stage = String(app.node.tryGetContext('stage') ?? 'dev');
  return new BulkUpdateStack(app, `BulkUpdate-${stage}`, { isProtected: PROTECTED_STAGES.includes(stage) });
}
