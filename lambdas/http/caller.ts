import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as v from 'valibot';
import { RequestError } from '../domain/request-error.ts';

/** Who calls: what the authorizer knows of the API key. */
export interface Caller {
  team: string;
  /** Short ids of the procedures allowed, or undefined for all. */
  procedures: string[] | undefined;
}

/** The authorizer's context; API Gateway passes only strings, so the list travels as JSON. */
const contextSchema = v.object({ team: v.string(), procedures: v.optional(v.string()) });

export type AuthorizerContext = v.InferOutput<typeof contextSchema>;

export function authorizerContext({ team, procedures }: Caller): AuthorizerContext {
  return { team, ...(procedures === undefined ? {} : { procedures: JSON.stringify(procedures) }) };
}

/** @throws RequestError 400 when there are several keys: the limit might count another than the authorizer let in */
export function callerOf(event: APIGatewayProxyEvent): Caller {
  if ((event.multiValueHeaders?.authorization?.length ?? 0) > 1) {
    throw new RequestError(
      'BAD_REQUEST',
      'The request has several headers Authorization. Send one, with one API key.',
    );
  }
  const { team, procedures } = v.parse(contextSchema, event.requestContext.authorizer);
  return { team, procedures: procedures === undefined ? undefined : (JSON.parse(procedures) as string[]) };
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
