import { nearestName } from '../../../lambdas/contract/nearest-name.ts';
import type { ProcedureSummary } from '../../client/index.ts';

/** Finds procedures whose short id or name contains the typed text. Those that begin with it come first. */
export function matchingProcedures(
  procedures: readonly ProcedureSummary[],
  typed: string,
): readonly ProcedureSummary[] {
  const text = typed.trim().toLowerCase();
  if (text === '') return procedures;
  const positionIn = ({ shortId, name }: ProcedureSummary) => {
    const positions = [shortId, name].map((each) => each.toLowerCase().indexOf(text));
    return Math.min(...positions.filter((position) => position >= 0));
  };
  const [first, later]: [ProcedureSummary[], ProcedureSummary[]] = [[], []];
  for (const procedure of procedures) {
    const position = positionIn(procedure);
    if (position === 0) first.push(procedure);
    else if (Number.isFinite(position)) later.push(procedure);
  }
  return [...first, ...later];
}

/** Finds the procedure that is called exactly like this: by its short id or id, or by its name in any case. */
export function procedureCalled(
  procedures: readonly ProcedureSummary[],
  typed: string,
): ProcedureSummary | undefined {
  const text = typed.trim();
  const exact = procedures.find(({ shortId, id }) => shortId === text || id === text);
  if (exact !== undefined) return exact;
  const [only, ...others] = procedures.filter(({ shortId, name }) =>
    [shortId, name].some((each) => each.toLowerCase() === text.toLowerCase()),
  );
  return others.length === 0 ? only : undefined;
}

/** Finds the procedure that an unknown name is likely to mean. */
export function procedureLike(
  procedures: readonly ProcedureSummary[],
  typed: string,
): ProcedureSummary | undefined {
  const named = new Map(
    procedures.flatMap(
      (each) =>
        [
          [each.name, each],
          [each.shortId, each],
        ] as const,
    ),
  );
  const nearest = nearestName(typed.trim(), [...named.keys()]);
  return nearest === undefined ? undefined : named.get(nearest);
}
