import type { App } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as v from 'valibot';
import { definedOf } from '../../lambdas/contract/defined-of.ts';
import { nearestName } from '../../lambdas/contract/nearest-name.ts';
import { LOG_LEVELS } from './functions/service-function.ts';
import { readStageSettings, SETTINGS_DIRECTORY, settingsFile } from './stage-settings.ts';

/** How many days CloudWatch can keep logs; else it keeps them for good. */
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

const stageSchema = v.optional(
  v.pipe(
    v.string('is not text'),
    v.regex(/^[A-Za-z0-9-]{1,40}$/, 'is not 1 to 40 of the characters A-Z, a-z, 0-9 and -'),
  ),
  'dev',
);

const settingsSchema = v.object({
  /** Whether the tables outlive the stack and refuse deletion. */
  deletionProtection: flag(),
  /** Whether the console is deployed, too. */
  console: flag(),
  /** A table of processes to use instead of making one, and its index on (team, procedure, primaryKey). */
  processesTable: tableOrIndexName(),
  processesIndex: tableOrIndexName(),
  logLevel: v.optional(v.picklist(LOG_LEVELS, `is not one of ${LOG_LEVELS.join(', ')}`)),
  logRetentionDays: v.optional(v.pipe(number(LOG_RETENTION), v.picklist(LOG_RETENTIONS, LOG_RETENTION))),
  /** What the event source mapping of a queue accepts: `ScalingConfig.MaximumConcurrency`. */
  applyConcurrency: wholeNumber(2, 1_000),
  fileChunksInFlight: wholeNumber(1, 100),
  waitingRequests: wholeNumber(0, 1_000),
  /** Whether what updates find is kept, so that jobs can be undone. */
  undo: flag(),
  /**
   * Warm throughput begins at 4,000 write and 12,000 read units, of a table and of an index; an account has 40,000 a
   * table unless it asked for more.
   * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
   */
  processWritesPerSecond: wholeNumber(4_000, 1_000_000),
  processReadsPerSecond: wholeNumber(12_000, 1_000_000),
  primaryKeyWritesPerSecond: wholeNumber(4_000, 1_000_000),
  primaryKeyReadsPerSecond: wholeNumber(12_000, 1_000_000),
  /** An account's API Gateway takes 10,000 a second of all its APIs. */
  requestsPerSecond: wholeNumber(1, 10_000),
  /** A rate-based rule of WAF counts from 10 to 2 thousand million. */
  requestsPerMinutePerKey: wholeNumber(10, 2_000_000_000),
  alarmTopicArn: arn('sns', 'an SNS topic', /[\w.-]+/),
  /** Whether the stack sets the role of the account by which API Gateway writes logs. */
  apiGatewayLogRole: flag(),
  webAclArn: arn('wafv2', 'a regional web ACL', /regional\/webacl\/[\w-]+\/[\w-]+/),
  domainName: v.optional(
    v.pipe(
      v.string('is not text'),
      v.regex(/^(?=.{4,253}$)([a-z\d]([a-z\d-]*[a-z\d])?\.)+[a-z]{2,63}$/, 'is not a domain name'),
    ),
  ),
  certificateArn: arn('acm', 'a certificate of Certificate Manager', /certificate\/[\w-]+/),
});

type Settings = v.InferOutput<typeof settingsSchema>;
type SettingName = keyof Settings;

/** Every setting but `stage`. */
export const SETTING_NAMES = Object.keys(settingsSchema.entries) as SettingName[];

/** What a deployment does that forgets a setting of the one before. */
const LASTING = {
  processesTable: 'makes a new, empty table',
  processesIndex: 'looks for another index',
  domainName: 'takes the domain away',
  certificateArn: 'takes the domain away',
} as const;

/** What a table has reached it keeps: DynamoDB refuses less. https://github.com/hashicorp/terraform-provider-aws/issues/49032 */
const THROUGHPUT = [
  'processWritesPerSecond',
  'processReadsPerSecond',
  'primaryKeyWritesPerSecond',
  'primaryKeyReadsPerSecond',
] as const;

/** Settings that make no sense as they stand beside each other. */
function conflictsOf(settings: Settings): string[] {
  const { processesTable, domainName, certificateArn, ...rest } = settings;
  const conflicts: [isOne: boolean, conflict: string][] = [
    [
      processesTable === undefined && rest.processesIndex !== undefined,
      'processesIndex is set without processesTable, whose index it is',
    ],
    ...THROUGHPUT.map((name): [boolean, string] => [
      processesTable !== undefined && rest[name] !== undefined,
      `${name} is set with processesTable, whose owner decides that`,
    ]),
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

/**
 * What a deployment names by `-c` and the next one must not forget.
 * @param remembered - the settings of the stage's file
 */
function forgettable(given: Settings, remembered: Settings, file: string): string[] {
  const faults: string[] = [];
  const entry = (name: SettingName) => `"${name}": ${JSON.stringify(given[name])}`;
  for (const [name, consequence] of Object.entries(LASTING) as [keyof typeof LASTING, string][]) {
    const [now, before] = [given[name], remembered[name]];
    if (now === undefined || now === before) continue;
    faults.push(
      before === undefined
        ? `${name} is not in ${file}: a deployment that forgets it ${consequence}. Put ${entry(name)} there`
        : `${name} "${now}" is not the "${before}" in ${file}. If the stage is to change it, put ${entry(name)} there`,
    );
  }
  for (const name of THROUGHPUT) {
    const [now, before] = [given[name], remembered[name]];
    if (now === undefined || now === before) continue;
    faults.push(
      before !== undefined && now < before
        ? `${name} ${now} is less than the ${before} in ${file}: warm throughput never goes down, and the deployment would fail. Leave it out`
        : `${name} is not in ${file}: a table keeps its warm throughput, and a later deployment that asks for less fails. Put ${entry(name)} there`,
    );
  }
  return faults;
}

const CONTEXT_NAMES = ['stage', ...SETTING_NAMES];

/** Whether a name of the context is a setting, also a misspelt one such as `processes-table`. Other names are CDK's own. */
function isMeantAsSetting(name: string): boolean {
  const isWord = /^[a-z]+$/i.test(name);
  return isWord || (/^[\w-]+$/.test(name) && nearestName(name, CONTEXT_NAMES) !== undefined);
}

/** A misspelt setting would be deployed as its default. */
function unknownSettings(given: readonly string[], names: readonly string[]): string[] {
  return given
    .filter((name) => !names.includes(name))
    .map((name) => {
      const nearest = nearestName(name, names);
      return nearest === undefined
        ? `${name} is an unknown setting; docs/operators.md lists them`
        : `${name} is an unknown setting, the nearest is ${nearest}`;
    });
}

/** The settings that are right, and what is wrong with the others. */
function parseSettings(given: Record<string, unknown>): { settings: Settings; faults: string[] } {
  const { success, output, issues } = v.safeParse(settingsSchema, given, { abortPipeEarly: true });
  if (success) return { settings: output, faults: [] };
  const faults = issues.map((issue) => {
    const name = v.getDotPath(issue) ?? '';
    return `${name} ${JSON.stringify(given[name])} ${issue.message}`;
  });
  return { settings: {}, faults };
}

/** What is wrong with the settings. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** Each is a line. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`Configuration: ${faults.join('; ')}`);
    this.faults = faults;
  }
}

export interface Configuration extends Settings {
  readonly stage: string;
}

/**
 * The configuration of a stack: the settings in the stage's file, over which go those of the context, as in
 * `cdk deploy -c stage=prod -c applyConcurrency=50`.
 * @param directory - of the stages' files
 * @throws ConfigurationError that names every setting at fault
 */
export function readConfiguration(app: App, directory = SETTINGS_DIRECTORY): Configuration {
  const context = app.node.getAllContext() as Record<string, unknown>;
  const read = v.safeParse(stageSchema, context.stage, { abortPipeEarly: true });
  const given = parseSettings(Object.fromEntries(SETTING_NAMES.map((name) => [name, context[name]])));
  const faults = [
    ...(read.success
      ? []
      : read.issues.map(({ message }) => `stage ${JSON.stringify(context.stage)} ${message}`)),
    ...unknownSettings(Object.keys(context).filter(isMeantAsSetting), CONTEXT_NAMES),
    ...given.faults,
  ];
  if (!read.success) throw new ConfigurationError(faults);

  const stage = read.output;
  const file = settingsFile(stage);
  const stored = readStageSettings(stage, directory);
  const remembered = parseSettings(stored.settings);
  // Those that are not given would hide those of the stage.
  const settings = { ...remembered.settings, ...definedOf(given.settings) };
  faults.push(
    ...stored.faults,
    ...[...unknownSettings(Object.keys(stored.settings), SETTING_NAMES), ...remembered.faults].map(
      (fault) => `${file}: ${fault}`,
    ),
  );
  if (faults.length === 0) {
    faults.push(...conflictsOf(settings), ...forgettable(given.settings, remembered.settings, file));
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
  return { ...settings, stage };
}
