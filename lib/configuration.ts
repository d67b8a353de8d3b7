import type { App } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { closest } from 'fastest-levenshtein';
import * as v from 'valibot';
import { LOG_LEVELS } from './service-function.ts';

/** CloudWatch keeps logs for so many days, or for good. */
const LOG_RETENTIONS = Object.values(RetentionDays).filter(
  (days) => typeof days === 'number' && days !== RetentionDays.INFINITE,
) as number[];
const LOG_RETENTION = `is not one of ${LOG_RETENTIONS.join(', ')}`;

/** A number, given as such in `cdk.json` or as text on the command line. */
const number = (message: string) =>
  v.union([v.number(), v.pipe(v.string(), v.nonEmpty(), v.transform(Number))], message);

const wholeNumber = (min: number, max: number) => {
  const message = `is not a whole number from ${min} to ${max}`;
  return v.optional(
    v.pipe(number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message)),
  );
};

/** A boolean, given as such in `cdk.json` or as text on the command line. */
const flag = () =>
  v.optional(
    v.union(
      [
        v.boolean(),
        v.pipe(
          v.picklist(['true', 'false']),
          v.transform((text) => text === 'true'),
        ),
      ],
      'is neither true nor false',
    ),
  );

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

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html */
function tableOrIndexName() {
  return v.optional(
    v.pipe(
      v.string('is not text'),
      v.regex(/^[\w.-]{3,255}$/, 'is not 3 to 255 of the characters A-Z, a-z, 0-9, _, - and .'),
    ),
  );
}

const configurationSchema = v.object({
  stage: v.optional(
    v.pipe(
      v.string('is not text'),
      v.regex(/^[A-Za-z0-9-]{1,40}$/, 'is not 1 to 40 of the characters A-Z, a-z, 0-9 and -'),
    ),
    'dev',
  ),
  /** Whether the tables outlive the stack and refuse deletion; unless it is set, the stage's name decides. */
  deletionProtection: flag(),
  /** Whether the console is deployed, too. */
  console: flag(),
  /** A table of processes to use instead of making one, and its index on (team, procedure, primaryKey). */
  processesTable: tableOrIndexName(),
  processesIndex: tableOrIndexName(),
  logLevel: v.optional(v.picklist(LOG_LEVELS, `is not one of ${LOG_LEVELS.join(', ')}`)),
  logRetentionDays: v.optional(v.pipe(number(LOG_RETENTION), v.picklist(LOG_RETENTIONS, LOG_RETENTION))),
  /** The event source mapping of a queue takes so much: `ScalingConfig.MaximumConcurrency`. */
  applyConcurrency: wholeNumber(2, 1_000),
  /** A table's warm throughput begins at 4,000; an account has 40,000 a table unless it asked for more. */
  processWritesPerSecond: wholeNumber(4_000, 1_000_000),
  /** An account's API Gateway takes 10,000 a second of all its APIs. */
  requestsPerSecond: wholeNumber(1, 10_000),
  /** A rate-based rule of WAF counts from 10 to 2 thousand million. */
  requestsPerMinutePerKey: wholeNumber(10, 2_000_000_000),
  alarmTopicArn: arn('sns', 'an SNS topic', /[\w.-]+/),
  webAclArn: arn('wafv2', 'a regional web ACL', /regional\/webacl\/[\w-]+\/[\w-]+/),
  domainName: v.optional(
    v.pipe(
      v.string('is not text'),
      v.regex(/^(?=.{4,253}$)([a-z\d]([a-z\d-]*[a-z\d])?\.)+[a-z]{2,63}$/, 'is not a domain name'),
    ),
  ),
  certificateArn: arn('acm', 'a certificate of Certificate Manager', /certificate\/[\w-]+/),
});

/** Settings that make no sense as they stand beside each other. */
function conflictsOf(settings: Configuration): string[] {
  const { processesTable, domainName, certificateArn, ...rest } = settings;
  const conflicts: [isOne: boolean, conflict: string][] = [
    [
      processesTable === undefined && rest.processesIndex !== undefined,
      'processesIndex is set without processesTable, whose index it is',
    ],
    [
      processesTable !== undefined && rest.processWritesPerSecond !== undefined,
      'processWritesPerSecond is set with processesTable, whose owner decides that',
    ],
    [
      rest.webAclArn !== undefined && rest.requestsPerMinutePerKey !== undefined,
      'requestsPerMinutePerKey is set with webAclArn: an API has one web ACL, so put the limit into yours',
    ],
    [
      (domainName === undefined) !== (certificateArn === undefined),
      'domainName and certificateArn are set together or not at all',
    ],
  ];
  return conflicts.filter(([isOne]) => isOne).map(([, conflict]) => conflict);
}

/** A misspelt setting would be deployed as its default. Names of CDK's own context are no plain words. */
function unknownSettings(context: object, names: string[]): string[] {
  return Object.keys(context)
    .filter((name) => /^[a-z]+$/i.test(name) && !names.includes(name))
    .map((name) => `${name} is no setting, the nearest is ${closest(name, names)}`);
}

export type Configuration = v.InferOutput<typeof configurationSchema>;

/**
 * The configuration of a stack, from the context: `cdk deploy -c stage=prod -c applyConcurrency=50`, or `cdk.json`.
 * @throws Error that names every setting at fault
 */
export function readConfiguration(app: App): Configuration {
  const names = Object.keys(configurationSchema.entries);
  const context = Object.fromEntries(names.map((name) => [name, app.node.tryGetContext(name)]));
  const read = v.safeParse(configurationSchema, context, { abortPipeEarly: true });
  const faults = unknownSettings(app.node.getAllContext(), names).concat(
    read.success
      ? conflictsOf(read.output)
      : read.issues.map((issue) => {
          const name = v.getDotPath(issue) ?? '';
          return `${name} ${JSON.stringify(context[name])} ${issue.message}`;
        }),
  );
  if (read.success && faults.length === 0) return read.output;
  throw new Error(`Configuration: ${faults.join('; ')}`);
}
