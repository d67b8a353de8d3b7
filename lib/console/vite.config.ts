import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const fromRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

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
    // stream-chain loads it on Node.js only.
    rolldownOptions: { external: ['node:string_decoder'] },
  },
});
