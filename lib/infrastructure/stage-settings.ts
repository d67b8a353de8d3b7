import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearestName } from '../../lambdas/contract/nearest-name.ts';

/** Where each stage has a file of the settings that its deployments must not forget. */
export const SETTINGS_DIRECTORY = fileURLToPath(new URL('../../settings', import.meta.url));

/** How a stage's file is named to the operator. */
export const settingsFile = (stage: string) => `settings/${stage}.json`;

export interface StageSettings {
  /** By name, as the file has them; empty where it is at fault. */
  settings: Record<string, unknown>;
  faults: string[];
}

/**
 * The settings that a stage has in its file. A stage without one is refused: it may be misspelt, and CDK would make a
 * second stack with empty tables of it.
 */
export function readStageSettings(stage: string, directory: string): StageSettings {
  const file = settingsFile(stage);
  const refused = (fault: string) => ({ settings: {}, faults: [fault] });
  // By the list, as some file systems would take Prod.json for prod.json, and the stack would be another.
  const stages = readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'));
  if (!stages.includes(stage)) {
    const nearest = nearestName(stage, stages);
    const hint = nearest === undefined ? '' : `, the nearest is ${nearest}`;
    return refused(
      `stage "${stage}" has no settings${hint}. For a new stage write ${file}: {"deletionProtection": true} if its tables stay and refuse deletion, false if they go with the stack; and what earlier deployments named by -c`,
    );
  }
  let settings: unknown;
  try {
    settings = JSON.parse(readFileSync(join(directory, `${stage}.json`), 'utf8'));
  } catch (error) {
    return refused(`${file} is not JSON: ${(error as Error).message}`);
  }
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    return refused(`${file} is not a JSON object. Write settings by name, such as {"applyConcurrency": 10}`);
  }
  return { settings: { ...settings }, faults: [] };
}
