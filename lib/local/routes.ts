import { idOfArn, type Template } from './template.ts';

export interface Route {
  method: string;
  /** Path segments; `{name}` takes any segment. */
  segments: string[];
  path: string;
  functionId: string;
  isAuthorized: boolean;
}

/** The routes of the template's REST API. */
export function readRoutes(template: Template): Route[] {
  const resources = new Map(template.ofType('AWS::ApiGateway::Resource'));
  const segmentsOf = (id: string): string[] => {
    const properties = resources.get(id);
    if (properties === undefined) return [];
    return [...segmentsOf(idOfArn(template.resolve(properties.ParentId))), String(properties.PathPart)];
  };
  return template.ofType('AWS::ApiGateway::Method').map(([, properties]) => {
    const integration = template.resolve(properties.Integration) as { Uri: string };
    const segments = segmentsOf(idOfArn(template.resolve(properties.ResourceId)));
    return {
      method: String(properties.HttpMethod),
      segments,
      path: `/${segments.join('/')}`,
      functionId: functionOf(integration.Uri),
      isAuthorized: properties.AuthorizationType === 'CUSTOM',
    };
  });
}

/** The function that an integration or authorizer URI invokes. */
export function functionOf(uri: unknown): string {
  return /(?<![^/:])([^/:]+)\/invocations$/.exec(String(uri))?.[1] ?? '';
}

/** Finds the route of a path, literal segments first, as API Gateway does. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string[],
): { route: Route; parameters: Record<string, string> } | undefined {
  const fitting = routes.filter(
    (route) =>
      route.method === method &&
      route.segments.length === path.length &&
      route.segments.every((segment, i) => (isParameter(segment) ? path[i] !== '' : segment === path[i])),
  );
  const literals = (route: Route) =>
    route.segments.map((segment) => (isParameter(segment) ? '1' : '0')).join('');
  const [route] = fitting.sort((a, b) => literals(a).localeCompare(literals(b)));
  if (route === undefined) return undefined;
  const parameters = route.segments.flatMap((segment, i) =>
    isParameter(segment) ? [[segment.slice(1, -1), path[i] ?? '']] : [],
  );
  return { route, parameters: Object.fromEntries(parameters) };
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{');
}
