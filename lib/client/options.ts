export type Kind = 'string' | 'boolean' | 'number' | 'object' | 'function';

/**
 * Checks the options of a call before anything is sent. A misspelt `dryRun` would apply the updates.
 * @param kinds - type of each option
 * @throws TypeError that names an unknown option with the known ones, or an option of a wrong type
 */
export function assertOptions<Name extends string>(
  options: object,
  kinds: Readonly<Record<Name, Kind>>,
): void {
  const names = Object.keys(kinds) as Name[];
  for (const [name, value] of Object.entries(options)) {
    const kind = names.find((known) => known === name);
    if (kind === undefined) {
      throw new TypeError(`The option "${name}" is unknown. Use one of ${names.join(', ')}.`);
    }
    // NaN would retry forever, or never pause.
    if (value !== undefined && (typeof value !== kinds[kind] || Number.isNaN(value))) {
      throw new TypeError(`The option "${name}" must be a ${kinds[kind]}.`);
    }
  }
}
