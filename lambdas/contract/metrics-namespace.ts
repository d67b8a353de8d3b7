/** Where CloudWatch keeps the service's numbers. */
export const METRICS_NAMESPACE = 'BulkUpdate';
