import { copyFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };
import { LICENCES_FILE } from './licences.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { name, version, description, license, type, exports, bin } = manifest;

/**
 * Makes `dist` a package of its own, without dependencies: what it runs is bundled, and its types name nothing of others.
 * The functions' dependencies have no place on the machine of who sends a file.
 */
const packaged = {
  name,
  version,
  description,
  license,
  type,
  engines: { node: '>=20' },
  exports: withinDist(exports),
  bin: withinDist(bin),
  files: ['bin', 'lib', 'lambdas', LICENCES_FILE],
};

/** Paths as they are from `dist`. */
function withinDist<Paths>(paths: Paths): Paths {
  return JSON.parse(JSON.stringify(paths).replaceAll('dist/', ''));
}

writeFileSync(`${root}dist/package.json`, `${JSON.stringify(packaged, null, 2)}\n`);
copyFileSync(`${root}LICENSE`, `${root}dist/LICENSE`);
