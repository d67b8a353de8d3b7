import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS_NAMESPACE } from '../contract/metrics-namespace.ts';

/**
 * What CloudWatch draws and adds up, written to the log in the embedded metric format: no call, no waiting. The service
 * (`POWERTOOLS_SERVICE_NAME`, the stack's name) is the one dimension; teams are in the log beside the numbers.
 */
const metrics = new Metrics({ namespace: METRICS_NAMESPACE });

export interface Measurement {
  /** How often each thing happened. */
  counts?: Readonly<Record<string, number>>;
  /** How long each thing took, in milliseconds. */
  durations?: Readonly<Record<string, number>>;
  /** What the numbers belong to, such as team and job: to search for, not to add up by. */
  about?: Readonly<Record<string, string>>;
}

/** Publishes one measurement. A count of zero is left out. */
export function publishMetrics({ counts = {}, durations = {}, about = {} }: Measurement): void {
  for (const [name, count] of Object.entries(counts)) {
    if (count > 0) metrics.addMetric(name, MetricUnit.Count, count);
  }
  for (const [name, ms] of Object.entries(durations)) metrics.addMetric(name, MetricUnit.Milliseconds, ms);
  if (!metrics.hasStoredMetrics()) return;
  for (const [name, value] of Object.entries(about)) metrics.addMetadata(name, value);
  metrics.publishStoredMetrics();
}
