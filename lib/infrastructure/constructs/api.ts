import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  AuthorizationType,
  type DomainName,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  SecurityPolicy,
  TokenAuthorizer,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { BEARER } from '../../../lambdas/contract/bearer.ts';
import { definedOf } from '../../../lambdas/contract/defined-of.ts';
import { ALLOWED_METHODS, type Handler, methodsOf, ROUTES } from '../../openapi/routes.ts';
import { ACCESS_LOG_FORMAT } from './access-log.ts';
import {
  errorTemplate,
  GATEWAY_ERRORS,
  GATEWAY_HEADERS,
  type GatewayError,
  TOO_MANY_OF_KEY,
} from './gateway-errors.ts';
import { KeyLimit } from './key-limit.ts';
import { methodNotAllowed } from './method-not-allowed.ts';

export interface ApiSettings {
  /**
   * Requests a second of all clients together, before API Gateway answers 429; twice as many in a burst.
   * @default 100
   */
  readonly requestsPerSecond?: number | undefined;
  /**
   * How long the access log is kept.
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays | undefined;
  /**
   * Requests a minute of one API key, 10 or more, before its next ones are answered with 429. WAF counts them, for
   * about 6 dollars a month and 0.6 a million requests; it may take half a minute to notice.
   * @default - none
   */
  readonly requestsPerMinutePerKey?: number | undefined;
  /**
   * Whether the stack sets the role by which API Gateway writes logs, of which an account and region has one.
   * @default true
   */
  readonly apiGatewayLogRole?: boolean | undefined;
  /**
   * ARN of the web ACL that looks at requests first.
   * @default - none, or the one that counts for `requestsPerMinutePerKey`
   */
  readonly webAclArn?: string | undefined;
  /**
   * The domain of the API, whose DNS record is the operator's to make.
   * @default - only the one of API Gateway
   */
  readonly domainName?: string | undefined;
  /**
   * ARN of the certificate of that domain, in the region of the stack.
   * @default - none, as without a domain
   */
  readonly certificateArn?: string | undefined;
}

export interface BulkApiProps extends ApiSettings, Readonly<Record<Handler, IFunction>> {
  readonly authorize: IFunction;
}

const REQUESTS_PER_SECOND = 100;

/** Why cdk-nag's findings about methods are no faults. */
const NO_USER_POOLS = {
  id: 'AwsSolutions-COG4',
  reason: 'The clients are programs with API keys, which the authorizer checks; there are no user pools.',
};
const OPEN_DOCUMENTATION = {
  id: 'AwsSolutions-APIG4',
  reason:
    'The documentation is for whoever has no API key yet: files that hold no data, from a function that may do nothing.',
};
const OPEN_REFUSAL = {
  id: 'AwsSolutions-APIG4',
  reason: 'A method that the path does not take is refused by the gateway itself: nothing is behind it.',
};

/** How long a key's authorization is reused, and so a revoked key still works. */
const AUTHORIZATION_CACHE = Duration.seconds(60);

/** The REST API: its routes, its authorizer and its own error responses. */
export class BulkApi extends Construct {
  readonly api: RestApi;
  /** The custom domain, if there is one. */
  readonly domain: DomainName | undefined;

  constructor(scope: Construct, id: string, props: BulkApiProps) {
    super(scope, id);
    const { requestsPerSecond = REQUESTS_PER_SECOND, logRetention, domainName, certificateArn } = props;
    const hasLogRole = props.apiGatewayLogRole ?? true;
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.api = new RestApi(this, 'Api', {
      // The only dimension of its metrics: two stages of one name would ring each other's alarms.
      restApiName: Stack.of(this).stackName,
      // The console brings its own CloudFront.
      endpointTypes: [EndpointType.REGIONAL],
      // Bodies arrive untouched, so that gzip survives.
      binaryMediaTypes: ['*/*'],
      cloudWatchRole: hasLogRole,
      // All APIs of the account log by the role that was set last, so that it has to outlive this stack.
      ...(hasLogRole ? { cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN } : {}),
      deployOptions: {
        stageName: 'live',
        throttlingRateLimit: requestsPerSecond,
        throttlingBurstLimit: 2 * requestsPerSecond,
        tracingEnabled: true,
        loggingLevel: MethodLoggingLevel.OFF,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: ACCESS_LOG_FORMAT,
      },
      defaultMethodOptions: {
        authorizationType: AuthorizationType.CUSTOM,
        authorizer: new TokenAuthorizer(this, 'Authorizer', {
          handler: props.authorize,
          resultsCacheTtl: AUTHORIZATION_CACHE,
          validationRegex: BEARER,
        }),
      },
    });
    // RestApi's own output, which the stack gives under a better name.
    this.api.node.tryRemoveChild('Endpoint');
    this.#addRoutes(props);
    this.#addGatewayResponses(GATEWAY_ERRORS);
    Validations.of(this.api).acknowledge(
      {
        id: 'AwsSolutions-APIG2',
        reason:
          'The functions validate requests, so that one response tells all that is wrong with the body.',
      },
      ...(hasLogRole
        ? [
            {
              id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
              reason:
                'The policy that AWS documents for the logs of API Gateway, and that keeps up with the service.',
            },
          ]
        : []),
    );
    this.#addWebAcl(props);
    if (domainName !== undefined && certificateArn !== undefined) {
      this.domain = this.api.addDomainName('Domain', {
        domainName,
        certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
        securityPolicy: SecurityPolicy.TLS_1_2,
      });
    }
    Validations.of(this.api.deploymentStage).acknowledge(
      {
        id: 'AwsSolutions-APIG3',
        reason:
          'Clients need an API key and are throttled; a web ACL costs extra, and is attached when the operator names one.',
      },
      {
        id: 'AwsSolutions-APIG6',
        reason:
          'The access log tells why a request failed; the group of the execution log is the service’s own, kept for ever.',
      },
    );
  }

  #addRoutes(props: BulkApiProps): void {
    for (const route of ROUTES) {
      const isPublic = 'isPublic' in route;
      const resource = this.api.root.resourceForPath(route.path);
      for (const name of methodsOf(route)) {
        const method = resource.addMethod(
          name,
          new LambdaIntegration(props[route.handler], { allowTestInvoke: false }),
          isPublic ? { authorizationType: AuthorizationType.NONE } : {},
        );
        Validations.of(method).acknowledge(NO_USER_POOLS, ...(isPublic ? [OPEN_DOCUMENTATION] : []));
      }
    }
    for (const [path, allowed] of ALLOWED_METHODS) {
      const method = this.api.root.resourceForPath(path).addMethod('ANY', ...methodNotAllowed(allowed));
      Validations.of(method).acknowledge(NO_USER_POOLS, OPEN_REFUSAL);
    }
  }

  /** The operator's web ACL, or one that counts the requests of each API key. */
  #addWebAcl({ webAclArn, requestsPerMinutePerKey }: BulkApiProps): void {
    const resourceArn = this.api.deploymentStage.stageArn;
    if (webAclArn !== undefined) new CfnWebACLAssociation(this, 'WebAcl', { resourceArn, webAclArn });
    if (requestsPerMinutePerKey !== undefined) {
      const limit = new KeyLimit(this, 'KeyLimit', requestsPerMinutePerKey);
      new CfnWebACLAssociation(this, 'WebAcl', { resourceArn, webAclArn: limit.webAclArn });
      // Another web ACL refuses requests for other reasons; what this one refuses is too many.
      this.#addGatewayResponses({ TooManyOfKey: TOO_MANY_OF_KEY });
    }
  }

  #addGatewayResponses(errors: Record<string, GatewayError>): void {
    for (const [id, { type, status, headers, code, message }] of Object.entries(errors)) {
      this.api.addGatewayResponse(id, {
        type,
        ...definedOf({ statusCode: status }),
        responseHeaders: {
          ...GATEWAY_HEADERS,
          ...headers,
        },
        templates: { 'application/json': errorTemplate(code, message) },
      });
    }
  }
}
