import { copyFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));
const { name, version, description, license, type, dependencies } = manifest;

/** Makes `dist` a package of its own: the functions' dependencies have no place on the machine of who sends a file. */
const packaged = {
  name,
  version,
  description,
  license,
  type,
  engines: { node: '>=20' },
  exports: { '.': { types: './lib/client.d.ts', default: './lib/client.js' } },
  bin: { 'bulk-update': 'bin/bulk.js' },
  files: ['bin', 'lib', 'lambdas'],
  // Only the types import it: what runs is bundled.
  dependencies: { valibot: dependencies.valibot },
};
writeFileSync(`${root}dist/package.json`, `${JSON.stringify(packaged, null, 2)}\n`);
copyFileSync(`${root}LICENSE`, `${root}dist/LICENSE`);
