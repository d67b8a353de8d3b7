import { fileURLToPath } from 'node:url';
import { build } from 'vite';

// Builds the console into `dist/console`, or into the folder that is named: `node lib/console/build.ts [folder]`.
const [, , outDir] = process.argv;

// Vite takes it from its caller, and the tests' own would make a page for debugging.
process.env.NODE_ENV = 'production';

await build({
  configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)),
  // Otherwise Vite writes a bundle of it among the packages first.
  configLoader: 'native',
  logLevel: 'warn',
  ...(outDir === undefined ? {} : { build: { outDir } }),
});
