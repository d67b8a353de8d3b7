import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { LICENCES_FILE, licencesOf } from './licences.ts';

// Bundles the client and the command into `dist`, with the licences of all that is in them.

const options = {
  absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
  bundle: true,
  format: 'esm',
  metafile: true,
} as const satisfies BuildOptions;

const client = await build({
  ...options,
  entryPoints: ['lib/client/index.ts'],
  outfile: 'dist/lib/client/index.js',
  platform: 'neutral',
});
const command = await build({
  ...options,
  entryPoints: ['bin/bulk.ts'],
  outfile: 'dist/bin/bulk.js',
  platform: 'node',
  mainFields: ['module', 'main'],
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
});

const outputs = [client, command].flatMap(({ metafile }) => Object.values(metafile.outputs));
const inputs = Object.assign({}, ...outputs.map((output) => output.inputs));
writeFileSync(`${options.absWorkingDir}dist/${LICENCES_FILE}`, licencesOf(inputs));
