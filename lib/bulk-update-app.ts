import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BulkUpdateStack } from './bulk-update-stack.ts';
import { readConfiguration } from './configuration.ts';
import { PRIMARY_KEY_INDEX } from './storage.ts';

/** Stages whose tables outlive the stack unless `deletionProtection` says otherwise. Any other name makes a stage for trying things out. */
const PROTECTED_STAGES = ['prod', 'staging'];

/**
 * The stack of a stage, as configured by the context: `cdk deploy -c stage=prod`. Synthesis fails when it breaks a
 * rule of cdk-nag's AwsSolutions that its constructs do not acknowledge with a reason.
 *
 * @throws Error when the configuration is wrong
 */
export function createBulkUpdateStack(app: App): BulkUpdateStack {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const {
    stage,
    deletionProtection,
    processesTable,
    processesIndex,
    logRetentionDays,
    console: hasConsole,
    ...settings
  } = readConfiguration(app);
  return new BulkUpdateStack(app, `BulkUpdate-${stage}`, {
    isProtected: deletionProtection ?? PROTECTED_STAGES.includes(stage),
    existingProcesses:
      processesTable === undefined
        ? undefined
        : {
            tableName: processesTable,
            indexName: processesIndex ?? PRIMARY_KEY_INDEX,
          },
    // RetentionDays counts in days.
    logRetention: logRetentionDays,
    hasConsole: hasConsole ?? false,
    ...settings,
  });
}
