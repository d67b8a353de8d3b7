/**
 * Returns the name of a file of failed rows: `leads.failed.csv` for `leads.csv`, and for a file of failed rows its own.
 * @param name - of the file without its folder; undefined if it has none
 */
export function failedName(name: string | undefined, extension: string): string {
  const known = (name ?? '').replace(/\.[^.]*$/, '').replace(/(?:^failed|\.failed)(?:-\d{1,9})?$/, '');
  return known === '' ? `failed.${extension}` : `${known}.failed.${extension}`;
}
