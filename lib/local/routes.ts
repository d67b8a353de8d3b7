import type { MockIntegration } from './mock-integration.ts';
import { idOfArn, type Template } from './template.ts';

export interface TemplateRoute {
  /** `ANY` takes what no other method of the path takes. */
  method: string;
  /** Path segments; `{name}` takes any segment. */
  segments: string[];
  path: string;
  resourceId: string;
  integration: LambdaIntegration | MockIntegration;
  isAuthorized: boolean;
}

interface LambdaIntegration {
  Type: 'AWS_PROXY';
  Uri: string;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-method-settings.html */
const METHODS_OF_ANY = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/** The routes of the template's REST API. */
export function readRoutes(template: Template): TemplateRoute[] {
  const resources = new Map(template.ofType('AWS::ApiGateway::Resource'));
  const segmentsOf = (id: string): string[] => {
    const properties = resources.get(id);
    if (properties === undefined) return [];
    return [...segmentsOf(idOfArn(template.resolve(properties.ParentId))), String(properties.PathPart)];
  };
  return template.ofType('AWS::ApiGateway::Method').map(([, properties]) => {
    const resourceId = idOfArn(template.resolve(properties.ResourceId));
    const segments = segmentsOf(resourceId);
    return {
      method: String(properties.HttpMethod),
      segments,
      path: `/${segments.join('/')}`,
      resourceId,
      integration: template.resolve(properties.Integration) as TemplateRoute['integration'],
      isAuthorized: properties.AuthorizationType === 'CUSTOM',
    };
  });
}

/** The function that an integration or authorizer URI invokes. */
export function functionOf(uri: unknown): string {
  return /(?<![^/:])([^/:]+)\/invocations$/.exec(String(uri))?.[1] ?? '';
}

/**
 * Finds the route of a path, literal segments first and the method itself before `ANY`, as API Gateway does.
 * @param path - its segments as they were sent, percent-encoded: so they become parameters
 */
export function findRoute(
  routes: readonly TemplateRoute[],
  method: string,
  path: string[],
): { route: TemplateRoute; parameters: Record<string, string> } | undefined {
  const fitting = routes.filter(
    (route) =>
      (route.method === method || (route.method === 'ANY' && METHODS_OF_ANY.includes(method))) &&
      route.segments.length === path.length &&
      route.segments.every((segment, i) => (isParameter(segment) ? path[i] !== '' : segment === path[i])),
  );
  const rank = (route: TemplateRoute) =>
    `${route.segments.map((segment) => (isParameter(segment) ? '1' : '0')).join('')}${route.method === 'ANY' ? '1' : '0'}`;
  const [route] = fitting.sort((a, b) => rank(a).localeCompare(rank(b)));
  if (route === undefined) return undefined;
  const parameters = route.segments.flatMap((segment, i) =>
    isParameter(segment) ? [[segment.slice(1, -1), path[i] ?? '']] : [],
  );
  return { route, parameters: Object.fromEntries(parameters) };
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{');
}
