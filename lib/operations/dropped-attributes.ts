import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { counted } from '../../lambdas/contract/counted.ts';
import { attributeUse, type UseQuery } from './attribute-use.ts';

/** Where to look for processes, if the operator says which table it is. */
type Query = Omit<UseQuery, 'attributes' | 'table'> & { table: string | undefined };

/**
 * Checks that attributes can be dropped. The values that processes have of them would stay, out of reach of updates.
 * @param dropped - attributes that the new procedure does not have
 * @param allowed - those to drop whatever processes have
 * @param tell - told what the check costs
 * @throws Error when a process has one of the others, or when it is not known whether one has
 */
export async function assertDroppable(
  client: DynamoDBDocumentClient,
  dropped: readonly string[],
  allowed: readonly string[],
  { table, ...query }: Query,
  tell: (text: string) => void,
): Promise<void> {
  const others = allowed.filter((name) => !dropped.includes(name));
  if (others.length > 0) throw new Error(`--drop names ${others.join(', ')}, which the file does not drop.`);
  const attributes = dropped.filter((name) => !allowed.includes(name));
  if (attributes.length === 0) return;
  const names = attributes.join(',');
  const anyway = `--drop ${names} to drop ${attributes.length === 1 ? 'it' : 'them'} whatever they have`;
  if (table === undefined) {
    throw new Error(
      `Nothing was changed. Give --processes-table to check whether processes have ${names}, or ${anyway}.`,
    );
  }
  const { users, isComplete, units, allUnits } = await attributeUse(client, { ...query, table, attributes });
  const used = Math.ceil(units);
  const whole = counted(Math.max(allUnits, used), 'read unit');
  tell(
    `Looking for processes took ${counted(used, 'read unit')}; the whole of ${table} takes about ${whole}.`,
  );
  if (users.size > 0) {
    const lines = Array.from(users, ([name, id]) => `A process has ${name}: ${id}.`);
    throw new Error(
      [...lines, `Nothing was changed. Keep the attributes in the file, or give ${anyway}.`].join('\n'),
    );
  }
  if (!isComplete) {
    const all = Math.ceil(allUnits * 1.1);
    throw new Error(
      `Nothing was changed: no process read so far has ${names}, but the table is larger. Give --read-units ${all} to read all of it, or ${anyway}.`,
    );
  }
}
