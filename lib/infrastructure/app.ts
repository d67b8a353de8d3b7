import { type App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { PRIMARY_KEY_INDEX } from '../../lambdas/contract/tables.ts';
import { readConfiguration } from './configuration.ts';
import { BulkUpdateStack } from './stack.ts';

/**
 * The stack of a stage, as configured by its file and the context: `cdk deploy -c stage=prod`. Synthesis fails when it
 * breaks a rule of cdk-nag's AwsSolutions that its constructs do not acknowledge with a reason.
 *
 * @param settingsDirectory - folder of the stages' files
 * @throws ConfigurationError when the configuration is wrong
 */
export function createBulkUpdateStack(app: App, settingsDirectory?: string): BulkUpdateStack {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const {
    stage,
    deletionProtection,
    processesTable,
    processesIndex,
    logRetentionDays,
    console: hasConsole,
    ...settings
  } = readConfiguration(app, settingsDirectory);
  return new BulkUpdateStack(app, `BulkUpdate-${stage}`, {
    stageName: stage,
    isProtected: deletionProtection ?? true,
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
