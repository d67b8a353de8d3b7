import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const fromRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** stream-chain loads it on Node.js only. */
const NODE_ONLY = ['node:string_decoder'];

export default defineConfig({
  root: fromRoot('.'),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: fromRoot('../../dist/console'),
    // Vite asks for confirmation outside of the root.
    emptyOutDir: true,
    // As files, which the content security policy allows by origin.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'THIRD-PARTY-LICENSES.md' },
    rolldownOptions: { external: NODE_ONLY },
  },
  // In parts, so that what reads workbooks is loaded with the first.
  worker: { format: 'es', rolldownOptions: { external: NODE_ONLY } },
});
