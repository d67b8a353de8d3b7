import type { App } from 'aws-cdk-lib';
import * as v from 'valibot';

/** A whole number, given in `cdk.json` or as text on the command line. */
const wholeNumber = (min: number, max: number) => {
  const message = `is not a whole number from ${min} to ${max}`;
  return v.optional(
    v.pipe(
      v.union(
        [v.number(message), v.pipe(v.string(message), v.nonEmpty(message), v.transform(Number))],
        message,
      ),
      v.integer(message),
      v.minValue(min, message),
      v.maxValue(max, message),
    ),
  );
};

const arn = (service: string, what: string, resource: RegExp) =>
  v.optional(
    v.pipe(
      v.string('is not text'),
      v.regex(
        new RegExp(`^arn:aws[\\w-]*:${service}:[\\w-]+:\\d{12}:${resource.source}$`),
        `is not the ARN of ${what}`,
      ),
    ),
  );

const configurationSchema = v.object({
  stage: v.optional(
    v.pipe(
      v.string('is not text'),
      v.regex(/^[A-Za-z0-9-]{1,40}$/, 'is not 1 to 40 of the characters A-Z, a-z, 0-9 and -'),
    ),
    'dev',
  ),
  /** The event source mapping of a queue takes so much: `ScalingConfig.MaximumConcurrency`. */
  applyConcurrency: wholeNumber(2, 1_000),
  /** A table's warm throughput begins at 4,000; an account has 40,000 a table unless it asked for more. */
  processWritesPerSecond: wholeNumber(4_000, 1_000_000),
  /** An account's API Gateway takes 10,000 a second of all its APIs. */
  requestsPerSecond: wholeNumber(1, 10_000),
  alarmTopicArn: arn('sns', 'an SNS topic', /[\w.-]+/),
  webAclArn: arn('wafv2', 'a regional web ACL', /regional\/webacl\/[\w-]+\/[\w-]+/),
});

export type Configuration = v.InferOutput<typeof configurationSchema>;

/**
 * The configuration of a stack, from the context: `cdk deploy -c stage=prod -c applyConcurrency=50`, or `cdk.json`.
 * @throws Error that names every setting at fault
 */
export function readConfiguration(app: App): Configuration {
  const names = Object.keys(configurationSchema.entries);
  const context = Object.fromEntries(names.map((name) => [name, app.node.tryGetContext(name)]));
  const read = v.safeParse(configurationSchema, context, { abortPipeEarly: true });
  if (read.success) return read.output;
  const faults = read.issues.map((issue) => {
    const name = v.getDotPath(issue) ?? '';
    return `${name} ${JSON.stringify(context[name])} ${issue.message}`;
  });
  throw new Error(`Configuration: ${faults.join('; ')}`);
}
