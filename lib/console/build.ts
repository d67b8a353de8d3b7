import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { definedOf } from '../../lambdas/contract/defined-of.ts';

// Builds the console into `dist/console`, or into another folder: `node lib/console/build.ts [folder]`.
const [, , outDir] = process.argv;

// Vite reads it from the environment. That of the tests would make a page for debugging.
process.env.NODE_ENV = 'production';

await build({
  configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)),
  // Otherwise Vite first writes a bundle of the configuration into node_modules.
  configLoader: 'native',
  logLevel: 'warn',
  ...definedOf({ build: outDir === undefined ? undefined : { outDir } }),
});
