import { Stack } from 'aws-cdk-lib';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';

/** WAF counts over windows of 1, 2, 5 or 10 minutes. */
const WINDOW_SECONDS = 60;

/**
 * All spellings of a key's header are one counter. Keys that differ in letter case alone would share it, and random ones
 * never do. The authorizer takes no other white space than one space; this is in case the gateway changes what it gets.
 */
const ONE_SPELLING = [
  { priority: 0, type: 'COMPRESS_WHITE_SPACE' },
  { priority: 1, type: 'LOWERCASE' },
];

/** A web ACL that refuses the requests of an API key once there were too many in a minute. */
export class KeyLimit extends Construct {
  readonly webAclArn: string;

  constructor(scope: Construct, id: string, requestsPerMinute: number) {
    super(scope, id);
    // The dimensions of WAF's metrics, by which stages are told apart.
    const { stackName } = Stack.of(this);
    const visible = { cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
    const webAcl = new CfnWebACL(this, 'WebAcl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: { ...visible, metricName: stackName },
      rules: [
        {
          name: 'requests-of-a-key',
          priority: 0,
          action: { block: {} },
          visibilityConfig: { ...visible, metricName: `${stackName}-RequestsOfKey` },
          statement: {
            rateBasedStatement: {
              limit: requestsPerMinute,
              evaluationWindowSec: WINDOW_SECONDS,
              aggregateKeyType: 'CUSTOM_KEYS',
              // A request without a key is not counted, and comes no further than the gateway.
              customKeys: [{ header: { name: 'authorization', textTransformations: ONE_SPELLING } }],
            },
          },
        },
      ],
    });
    this.webAclArn = webAcl.attrArn;
  }
}
