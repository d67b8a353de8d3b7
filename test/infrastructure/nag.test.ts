import { type App, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Node } from 'constructs';
import { describe, expect, it, vi } from 'vitest';
import { withApp } from './synthesize.ts';

interface Acknowledgement {
  path: string;
  rule: string;
  reason: string;
}

function acknowledgements(app: App): Acknowledgement[] {
  return app.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([id, reason]) => ({ path: node.path, rule: id.replace(/^Annotation::/, ''), reason })),
  );
}

/** Each finding as `rule at path`. */
function findings(app: App): string[] {
  const { violations } = new AwsSolutionsChecks().validateScope(app);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath = '' }) => `${ruleName} at ${constructPath}`),
  );
}

/** What there would be to find if nothing were acknowledged. */
function rawFindings(app: App): string[] {
  const metadata = vi.spyOn(Node.prototype, 'metadata', 'get').mockReturnValue([]);
  try {
    return findings(app);
  } finally {
    metadata.mockRestore();
  }
}

describe('AwsSolutions rules', () => {
  it.each([
    { stage: 'dev' },
    { console: true },
    { console: true, '@aws-cdk/core:bootstrapQualifier': 'other' },
    { stage: 'prod', requestsPerMinutePerKey: 600, apiGatewayLogRole: false },
  ])('leave nothing unacknowledged in %j', (context) => {
    expect(withApp({ context }, findings)).toEqual([]);
  });

  it('leave nothing unacknowledged with a table of another system and a domain', () => {
    const remembered = {
      processesTable: 'Crm-Processes',
      domainName: 'api.example.com',
      certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/1a2b-3c',
    };
    expect(withApp({ remembered }, findings)).toEqual([]);
  });

  it.each([{}, { console: true }, { apiGatewayLogRole: false }])(
    'are not acknowledged where they find nothing in %j',
    (context) => {
      const stale = withApp({ context }, (app) => {
        const found = rawFindings(app);
        return acknowledgements(app).filter(
          ({ path, rule }) => !found.some((finding) => finding.startsWith(`${rule} at ${path}/`)),
        );
      });
      expect(stale).toEqual([]);
    },
  );

  it('are acknowledged with a reason, and these only', () => {
    const acknowledgedIn = (context: Record<string, unknown>) => {
      const all = withApp({ context }, acknowledgements);
      for (const { reason } of all) expect(reason).toMatch(/\w+ \w+/);
      return [...new Set(all.map(({ rule }) => rule))].toSorted();
    };
    const always = acknowledgedIn({});
    expect(always).toEqual([
      'AwsSolutions-APIG2',
      'AwsSolutions-APIG3',
      'AwsSolutions-APIG4',
      'AwsSolutions-APIG6',
      'AwsSolutions-COG4',
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      'AwsSolutions-IAM5[Resource::*]',
      expect.stringMatching(/^AwsSolutions-IAM5\[Resource::arn:.*:s3:::bulk-update-files-.*\/chunks\/\*\]$/),
      expect.stringMatching(/^AwsSolutions-IAM5\[Resource::arn:.*:s3:::bulk-update-files-.*\/results\/\*\]$/),
      expect.stringMatching(/^AwsSolutions-IAM5\[Resource::arn:.*:s3:::bulk-update-files-.*\/uploads\/\*\]$/),
      'AwsSolutions-S1',
      'AwsSolutions-SQS3',
    ]);
    expect(acknowledgedIn({ console: true }).filter((rule) => !always.includes(rule))).toEqual([
      'AwsSolutions-CFR1',
      'AwsSolutions-CFR2',
      'AwsSolutions-CFR3',
      'AwsSolutions-CFR4',
      expect.stringMatching(/^AwsSolutions-IAM5\[Resource::<ConsoleBucket\w+\.Arn>\/\*\]$/),
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*]',
      'AwsSolutions-L1',
    ]);
  });

  it('fail the synthesis when one is broken', () => {
    const props = { context: { '@aws-cdk/core:appMode': 'inmemory' } };
    withApp(props, (app, stack) => {
      new Queue(stack, 'WithoutTls');
      expect(() => app.synth()).toThrow(/AwsSolutions-SQS4/);
    });
    withApp(props, (app) => {
      expect(() => app.synth()).not.toThrow();
    });
  });
});
