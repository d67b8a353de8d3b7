import { type Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Variable } from '../../../lambdas/contract/environment.ts';
import { functionCode } from './function-code.ts';

/** What is written into the log, and all that is worse. */
export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LoggingProps {
  /**
   * What the functions log.
   * @default INFO
   */
  readonly logLevel?: LogLevel | undefined;
  /**
   * How long logs are kept.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays | undefined;
}

export interface ServiceFunctionProps extends LoggingProps {
  /** Name of the file in `lambdas/`, without extension. */
  readonly entry: string;
  readonly description: string;
  readonly timeout: Duration;
  /**
   * Megabytes; a function has one whole virtual CPU at 1,769.
   * @default 512
   */
  readonly memorySize?: number;
  readonly environment: Partial<Record<Variable, string>>;
  /**
   * Files beside the code, by name; asked for when the code is bundled.
   * @default - none
   */
  readonly files?: () => Record<string, string | Uint8Array>;
}

/** A function of this service: bundled with all it imports, the AWS SDK included, with its own role and log. */
export class ServiceFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    const { entry, environment, files, logLevel, logRetention, ...rest } = props;
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    super(scope, id, {
      memorySize: 512,
      ...rest,
      code: functionCode(entry, files),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      tracing: Tracing.ACTIVE,
      role,
      logGroup,
      environment: {
        ...environment,
        POWERTOOLS_SERVICE_NAME: Stack.of(scope).stackName,
        POWERTOOLS_LOG_LEVEL: logLevel ?? 'INFO',
      },
    });
    logGroup.grantWrite(role);
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'The actions that send traces to X-Ray know no resources; nothing else is allowed on all.',
    });
  }
}
