import { Duration, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Operation } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { METRICS_NAMESPACE } from '../../../lambdas/contract/metrics-namespace.ts';
import type { Table } from './storage.ts';
import type { WorkQueue } from './work-queue.ts';

export interface MonitoringProps {
  readonly api: RestApi;
  readonly queue: WorkQueue;
  readonly accept: IFunction;
  readonly apply: IFunction;
  /** Functions that bring jobs to their end. */
  readonly finalizing: readonly IFunction[];
  readonly tables: Readonly<Record<string, Table>>;
  /**
   * ARN of the SNS topic that is told of alarms.
   * @default - none: alarms are only shown
   */
  readonly alarmTopicArn?: string | undefined;
}

const PERIOD = Duration.minutes(5);

/** Table operations that this service makes. */
const OPERATIONS = [
  Operation.GET_ITEM,
  Operation.PUT_ITEM,
  Operation.UPDATE_ITEM,
  Operation.QUERY,
  Operation.BATCH_GET_ITEM,
];

/** A dashboard of the whole path of an update, and alarms, each with its section in docs/runbook.md. */
export class Monitoring extends Construct {
  readonly #topic: ITopic | undefined;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { api, queue, accept, apply, finalizing, tables, alarmTopicArn } = props;
    this.#topic = alarmTopicArn === undefined ? undefined : Topic.fromTopicArn(this, 'Topic', alarmTopicArn);

    const sum = { period: PERIOD, statistic: Stats.SUM };
    const deadLetters = queue.deadLetters.metricApproximateNumberOfMessagesVisible({
      period: PERIOD,
      statistic: Stats.MAXIMUM,
    });
    const age = (of: typeof queue.updates) =>
      of.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: Stats.MAXIMUM });
    const throttled = (table: Table) =>
      table.metricThrottledRequestsForOperations({ operations: OPERATIONS, ...sum });
    const serverErrors = api.metricServerError(sum);
    const acceptDuration = accept.metricDuration({ period: PERIOD, statistic: Stats.p(99) });
    const closingErrors = total(
      'Errors of closing',
      finalizing.map((one) => one.metricErrors(sum)),
    );

    const own = (metricName: string, statistic: string, label = metricName) =>
      new Metric({
        namespace: METRICS_NAMESPACE,
        metricName,
        dimensionsMap: { service: Stack.of(this).stackName },
        period: PERIOD,
        statistic,
        label,
      });
    const open = own('JobOpen', Stats.MAXIMUM, 'longest that a job has been open');
    const stalled = own('FileStalled', Stats.MAXIMUM, 'longest that a file job has stood still');

    this.#alarm('JobIsOpen', open, 60 * 60 * 1000, 'A job has been open for an hour');
    this.#alarm('FileStalled', stalled, 60 * 60 * 1000, 'A file job has stood still for an hour');
    this.#alarm('DeadLetters', deadLetters, 1, 'Updates have failed at every attempt');
    this.#alarm('UpdatesWait', age(queue.updates), 15 * 60, 'The oldest update has waited for 15 minutes');
    this.#alarm('ApplyFails', apply.metricErrors(sum), 5, 'Applying fails as a whole');
    this.#alarm('ApplyThrottled', apply.metricThrottles(sum), 1, 'Lambda refuses invocations of Apply');
    this.#alarm('ApiFails', serverErrors, 5, 'The API answers with 5xx');
    this.#alarm('AcceptIsSlow', acceptDuration, 20_000, 'One of a hundred requests takes 20 of 28 seconds');
    this.#alarm('ClosingFails', closingErrors, 5, 'Jobs may stay open');
    for (const [name, table] of Object.entries(tables)) {
      this.#alarm(`${name}Throttled`, throttled(table), 10, `DynamoDB refuses requests to the table ${name}`);
    }

    const graph = (title: string, left: IMetric[], right: IMetric[] = []) =>
      new GraphWidget({ title, left, right, width: 12 });
    new Dashboard(this, 'Dashboard', {
      widgets: [
        [
          graph('Who is sending: requests, refusals, failures', [
            api.metricCount(sum),
            api.metricClientError(sum),
            serverErrors,
          ]),
          graph('What comes: entries accepted, invalid, not queued', [
            own('Accepted', Stats.SUM),
            own('Invalid', Stats.SUM),
            own('NotQueued', Stats.SUM),
          ]),
        ],
        [
          graph(
            'What becomes of it: applied, unchanged, superseded, undone, failed; from acceptance to the result',
            [
              ...['Applied', 'Created', 'Unchanged', 'Superseded', 'Reverted', 'Kept'],
              ...['Failed', 'Merged', 'Postponed', 'Aborted'],
            ].map((name) => own(name, Stats.SUM)),
            [own('EndToEnd', Stats.p(99))],
          ),
          graph('Accept: duration', [
            accept.metricDuration({ period: PERIOD, statistic: Stats.p(50) }),
            acceptDuration,
          ]),
        ],
        [
          graph(
            'How far behind: updates waiting and in flight, age of the oldest',
            [
              queue.updates.metricApproximateNumberOfMessagesVisible({ period: PERIOD }),
              queue.updates.metricApproximateNumberOfMessagesNotVisible({ period: PERIOD }),
            ],
            [age(queue.updates)],
          ),
          graph(
            'Apply: batches, errors, duration',
            [apply.metricInvocations(sum), apply.metricErrors(sum), apply.metricThrottles(sum)],
            [apply.metricDuration({ period: PERIOD, statistic: Stats.p(99) })],
          ),
        ],
        [
          graph(
            'Is it healthy: dead letters, errors of finalizing, age of the oldest job check, file jobs that stand still',
            [deadLetters, closingErrors],
            [age(queue.jobChecks), open, stalled],
          ),
        ],
        Object.entries(tables).map(
          ([name, table]) =>
            new GraphWidget({ title: `Table ${name}: refused requests`, left: [throttled(table)], width: 6 }),
        ),
      ],
    });
  }

  /** Rings when a metric is at a threshold or above it, once in five minutes. */
  #alarm(name: string, metric: IMetric, threshold: number, meaning: string): void {
    const alarm = new Alarm(this, name, {
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // Nothing happens while nobody sends.
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${meaning}. docs/runbook.md, ${name}.`,
    });
    if (this.#topic !== undefined) alarm.addAlarmAction(new SnsAction(this.#topic));
  }
}

function total(label: string, metrics: readonly Metric[]): MathExpression {
  const named = metrics.map((metric, number): [string, Metric] => [`m${number}`, metric]);
  return new MathExpression({
    label,
    period: PERIOD,
    expression: named.map(([name]) => name).join('+'),
    usingMetrics: Object.fromEntries(named),
  });
}
