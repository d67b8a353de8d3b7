import { fileURLToPath } from 'node:url';
import { build } from 'vite';

// Vite takes it from its caller, and the tests' own would make a page for debugging.
process.env.NODE_ENV = 'production';

/** Builds the console into `dist/console`, or into the folder that is named: `node lib/console/build.ts [folder]`. */
const [, , outDir] = process.argv;
await build({
  configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)),
  logLevel: 'warn',
  ...(outDir === undefined ? {} : { build: { outDir } }),
});
