import type { Attribute, Procedure } from '../../lambdas/contract/procedure.ts';

type Content = Pick<Procedure, 'name' | 'states' | 'transitions' | 'attributes' | 'required' | 'defaults'>;

export interface ProcedureChanges {
  /** A line for each change: `+` is new, `-` is dropped, `~` is different. Empty if nothing changes. */
  lines: string[];
  /** Attributes that the new procedure does not have. */
  dropped: string[];
}

/** Compares a procedure with the one that it is to replace. Its id and its primary key never change. */
export function changesOf(stored: Content, file: Content): ProcedureChanges {
  const dropped = Object.keys(stored.attributes).filter((name) => !Object.hasOwn(file.attributes, name));
  const lines = [
    ...different('name', stored.name, file.name),
    ...different('states', list(stored.states), list(file.states)),
    ...transitions(stored, file),
    ...different('required', list(stored.required ?? []), list(file.required ?? [])),
    ...defaults(stored, file),
    ...dropped.map((name) => `- attribute ${name}: ${shown(stored.attributes[name])}`),
    ...Object.entries(file.attributes).flatMap(([name, attribute]) => {
      if (!Object.hasOwn(stored.attributes, name)) return [`+ attribute ${name}: ${shown(attribute)}`];
      return different(`attribute ${name}`, shown(stored.attributes[name]), shown(attribute));
    }),
  ];
  return { lines, dropped };
}

function transitions(stored: Content, file: Content): string[] {
  return file.states.flatMap((state) => {
    const what = `transitions from ${state}`;
    const after = following(file, state);
    if (stored.states.includes(state)) return different(what, following(stored, state), after);
    return file.transitions === undefined ? [] : [`+ ${what}: ${after}`];
  });
}

function defaults({ defaults: before = {} }: Content, { defaults: after = {} }: Content): string[] {
  const text = (values: object, name: string) =>
    Object.hasOwn(values, name) ? JSON.stringify(values[name as keyof typeof values]) : 'none';
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => different(`default of ${name}`, text(before, name), text(after, name)));
}

/** Returns the states that may follow one. */
function following({ transitions }: Content, state: string): string {
  if (transitions === undefined) return 'any state';
  return list((Object.hasOwn(transitions, state) ? transitions[state] : undefined) ?? []);
}

function different(what: string, before: string, after: string): string[] {
  return before === after ? [] : [`~ ${what}: ${before} → ${after}`];
}

function shown({ type, options }: Attribute = { type: 'string' }): string {
  return options === undefined ? type : `${type} of ${list(options)}`;
}

/** Options may be numbers and texts that look like them. */
function list(values: readonly (string | number)[]): string {
  return values.length === 0 ? 'none' : values.map((value) => JSON.stringify(value)).join(', ');
}
