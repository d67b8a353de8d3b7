import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AssetHashType,
  Aws,
  DockerImage,
  Duration,
  Fn,
  RemovalPolicy,
  Stack,
  Validations,
} from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  type HeadersReferrerPolicy,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  S3OriginAccessControl,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { RestApiOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
} from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import {
  BucketDeployment,
  type BucketDeploymentProps,
  CacheControl,
  Source,
} from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { CACHE_CONTROL, contentSecurityPolicy, PAGE, REFERRER_POLICY } from '../console-headers.ts';

/** What CloudFront sends on to the API; all else is a file of the page. */
const API_PATHS = ['/v1/*', '/openapi.json', '/docs*'];

/**
 * Errors that CloudFront would answer again for ten seconds, to whichever key asks.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
 */
const CACHED_ERRORS = [404, 414, 500, 501, 502, 503, 504];

export interface ConsoleProps {
  readonly api: RestApi;
  /** Of the bucket that takes files from the page. */
  readonly filesOrigin: string;
  /**
   * How long the log of the deployments is kept.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays | undefined;
}

const CONSOLE = fileURLToPath(new URL('../../console', import.meta.url));

/** CDK's function behind every BucketDeployment of a stack. */
const DEPLOYMENT_FUNCTION = 'Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C';

/** The console: its page in a private bucket, and the API, behind one host name of CloudFront. */
export class Console extends Construct {
  /** Without a path, as browsers name it. */
  readonly origin: string;

  constructor(scope: Construct, id: string, { api, filesOrigin, logRetention }: ConsoleProps) {
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
      // A strict compiler sees a difference between the two types.
    }) as IBucket;
    this.#deployPage(bucket, logRetention ?? RetentionDays.ONE_MONTH);

    const toApi: BehaviorOptions = {
      origin: new RestApiOrigin(api),
      allowedMethods: AllowedMethods.ALLOW_ALL,
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      // The key in `authorization` among them, by which the authorizer and the web ACL know the client.
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    };
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Console of the bulk update API',
      defaultRootObject: PAGE,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket, {
          originAccessControl: new S3OriginAccessControl(this, 'OriginAccessControl', {
            originAccessControlName: nameInAccount(),
          }),
        }),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        // Keeps files as long as their cache-control says, the page for a second.
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: this.#securityHeaders(filesOrigin),
      },
      additionalBehaviors: Object.fromEntries(API_PATHS.map((path) => [path, toApi])),
      errorResponses: CACHED_ERRORS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Only CloudFront reads it, and it holds nothing but the published page.',
    });
    Validations.of(distribution).acknowledge(
      {
        id: 'AwsSolutions-CFR1',
        reason: 'Where users may be is for the operator to say; the API needs a key.',
      },
      {
        id: 'AwsSolutions-CFR2',
        reason:
          'The page is the same for all; what may be misused is the API, at whose stage a web ACL stands when one is configured.',
      },
      {
        id: 'AwsSolutions-CFR3',
        reason:
          'What reaches the API is in its access log; who loaded a page without data is not worth a second bucket.',
      },
      {
        id: 'AwsSolutions-CFR4',
        reason:
          'CloudFront decides on the oldest TLS of its own host names; only a domain of the operator could ask for 1.2.',
      },
    );
    this.origin = `https://${distribution.distributionDomainName}`;
  }

  #securityHeaders(filesOrigin: string): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'SecurityHeaders', {
      responseHeadersPolicyName: nameInAccount(),
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(filesOrigin), override: true },
        contentTypeOptions: { override: true },
        referrerPolicy: { referrerPolicy: REFERRER_POLICY as HeadersReferrerPolicy, override: true },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
      },
    });
  }

  /** Uploads the files of the page by a function of CDK's, since CloudFormation knows no objects of a bucket. */
  #deployPage(destinationBucket: IBucket, logRetention: RetentionDays): void {
    const build = new Asset(this, 'Build', {
      path: CONSOLE,
      assetHashType: AssetHashType.OUTPUT,
      bundling: {
        // Asked for by CDK, and never used.
        image: DockerImage.fromRegistry('scratch'),
        local: { tryBundle: buildPage },
      },
    });
    const logGroup = new LogGroup(this, 'DeploymentLogs', {
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = this.#deploymentRole(build, destinationBucket, logGroup);
    const common: BucketDeploymentProps = {
      sources: [Source.bucket(build.bucket, build.s3ObjectKey)],
      destinationBucket,
      // A page that is open, or cached, may still ask for the files of the build before.
      prune: false,
      // CDK would allow it to delete, too.
      role: role.withoutPolicyUpdates(),
      logGroup,
      outputObjectKeys: false,
    };
    const assets = new BucketDeployment(this, 'Assets', {
      ...common,
      exclude: [PAGE],
      cacheControl: [CacheControl.fromString(CACHE_CONTROL.assets)],
    });
    const page = new BucketDeployment(this, 'Page', {
      ...common,
      exclude: ['*'],
      include: [PAGE],
      cacheControl: [CacheControl.fromString(CACHE_CONTROL.page)],
    });
    // So that the page never names what is not there yet.
    page.node.addDependency(assets);
    Validations.of(Stack.of(this).node.findChild(DEPLOYMENT_FUNCTION)).acknowledge({
      id: 'AwsSolutions-L1',
      reason: 'The function is of CDK, which chooses its runtime; it runs only at a deployment.',
    });
  }

  #deploymentRole(build: Asset, bucket: IBucket, logGroup: LogGroup): Role {
    const role = new Role(this, 'DeploymentRole', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        Upload: new PolicyDocument({
          statements: [
            // Each build has another name, and a role that had just been changed might not know it in time.
            allow('s3:GetObject', build.bucket.arnForObjects('*')),
            allow('s3:ListBucket', bucket.bucketArn),
            allow('s3:PutObject', bucket.arnForObjects('*')),
          ],
        }),
      },
    });
    logGroup.grantWrite(role);
    const { synthesizer } = Stack.of(this);
    const assetBucket = `cdk-${synthesizer.bootstrapQualifier}-assets-<AWS::AccountId>-<AWS::Region>`;
    const bucketId = Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnBucket);
    Validations.of(role).acknowledge(
      {
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${assetBucket}/*]`,
        reason: 'Assets are named after their content, so that the next build has another name.',
      },
      {
        id: `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/*]`,
        reason: 'Files of the page are named after their content, and the bucket is for nothing else.',
      },
    );
    return role;
  }
}

/**
 * A name of what CloudFront keeps for the whole account, where the same stage in two regions must not meet: the stack's,
 * and the end of its id. The region would not fit the 64 characters beside a stage of 40.
 * https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_OriginAccessControlConfig.html
 */
function nameInAccount(): string {
  const uniqueId = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `${Aws.STACK_NAME}-${Fn.select(4, Fn.split('-', uniqueId))}`;
}

function allow(action: string, resource: string): PolicyStatement {
  return new PolicyStatement({ actions: [action], resources: [resource] });
}

/** Builds the page with Vite, which takes about half a second. */
function buildPage(outputDirectory: string): boolean {
  execFileSync(process.execPath, [join(CONSOLE, 'build.ts'), outputDirectory], {
    // Synthesis prints nothing but the template on its standard output.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return true;
}
