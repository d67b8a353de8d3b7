import { fileURLToPath } from 'node:url';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Variable } from '../lambdas/runtime/config.ts';

const projectRoot = fileURLToPath(new URL('..', import.meta.url));

export interface ServiceFunctionProps {
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
}

/** A function of this service: bundled with all it imports, the AWS SDK included, and with its own log. */
export class ServiceFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    const { entry, environment, ...rest } = props;
    super(scope, id, {
      memorySize: 512,
      ...rest,
      entry: `${projectRoot}lambdas/${entry}.ts`,
      projectRoot,
      depsLockFilePath: `${projectRoot}package-lock.json`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      tracing: Tracing.ACTIVE,
      logGroup: new LogGroup(scope, `${id}Log`, {
        retention: RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      environment: environment as Record<string, string>,
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        minify: true,
        mainFields: ['module', 'main'],
        externalModules: [],
        // CommonJS packages in an ES module bundle call require for Node's own modules.
        banner:
          "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
  }
}
