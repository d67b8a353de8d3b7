import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as v from 'valibot';
import { DEFAULT_SCOPE, includesScope, SCOPES, type Scope } from '../contract/scopes.ts';
import { RequestError } from '../domain/request-error.ts';

/** Who calls: what the authorizer knows of the API key. */
export interface Caller {
  team: string;
  /** Short ids of the procedures allowed, or undefined for all. */
  procedures: string[] | undefined;
  scope: Scope;
}

/** The authorizer's context; API Gateway passes only strings, so the list travels as JSON. */
const contextSchema = v.object({
  team: v.string(),
  procedures: v.optional(v.string()),
  // API Gateway may still have the context that an authorizer without scopes made.
  scope: v.optional(v.picklist(SCOPES), DEFAULT_SCOPE),
});

export type AuthorizerContext = v.InferOutput<typeof contextSchema>;

export function authorizerContext({ team, procedures, scope }: Caller): AuthorizerContext {
  return { team, scope, ...(procedures === undefined ? {} : { procedures: JSON.stringify(procedures) }) };
}

/** @throws RequestError 400 when there are several keys: the limit might count another than the authorizer let in */
export function callerOf(event: APIGatewayProxyEvent): Caller {
  if ((event.multiValueHeaders?.authorization?.length ?? 0) > 1) {
    throw new RequestError(
      'BAD_REQUEST',
      'The request has several headers Authorization. Send one, with one API key.',
    );
  }
  const { team, procedures, scope } = v.parse(contextSchema, event.requestContext.authorizer);
  return {
    team,
    scope,
    procedures: procedures === undefined ? undefined : (JSON.parse(procedures) as string[]),
  };
}

export function allows({ procedures }: Caller, procedure: string): boolean {
  return procedures === undefined || procedures.includes(procedure);
}

/** @throws RequestError 403 when the key does not allow the procedure */
export function checkAllowed(caller: Caller, procedure: string): void {
  if (allows(caller, procedure)) return;
  throw new RequestError(
    'PROCEDURE_FORBIDDEN',
    `This API key does not allow the procedure "${procedure}". Use a key that lists it.`,
  );
}

/** @throws RequestError 403 when the scope of the key does not include the one that the request needs */
export function checkScope({ scope }: Pick<Caller, 'scope'>, needed: Scope): void {
  if (includesScope(scope, needed)) return;
  throw new RequestError(
    'SCOPE_MISSING',
    `This API key has the scope "${scope}", and the request needs "${needed}". Use a key with the scope "${needed}", or ask the operator for one.`,
  );
}
