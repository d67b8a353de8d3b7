import type { App } from 'aws-cdk-lib';
import { BulkUpdateStack } from './bulk-update-stack.ts';

/** Stages whose tables outlive the stack. Any other name makes a stage for trying things out. */
const PROTECTED_STAGES = ['prod', 'staging'];

/**
 * The stack of a stage; the context `stage` names it: `cdk deploy -c stage=prod`.
 * @default stage - 'dev'
 */
export function createBulkUpdateStack(app: App): BulkUpdateStack {
  const stage = String(app.node.tryGetContext('stage') ?? 'dev');
  return new BulkUpdateStack(app, `BulkUpdate-${stage}`, { isProtected: PROTECTED_STAGES.includes(stage) });
}
