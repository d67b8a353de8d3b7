import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DocumentationFile } from '../../lambdas/contract/documentation-files.ts';
import { createDocument } from './document.ts';

const page = fileURLToPath(new URL('./page', import.meta.url));
const swaggerUi = join(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'), '..');

/** Returns the files of the documentation: the description of the API, and Swagger UI to read it. */
export function documentationFiles(): Record<DocumentationFile, string | Uint8Array> {
  const ofSwaggerUi = (name: string) => readFileSync(join(swaggerUi, name));
  return {
    'openapi.json': JSON.stringify(createDocument()),
    'index.html': readFileSync(join(page, 'index.html')),
    'start.js': readFileSync(join(page, 'start.js')),
    'swagger-ui.css': Buffer.concat([ofSwaggerUi('swagger-ui.css'), readFileSync(join(page, 'page.css'))]),
    'swagger-ui-bundle.js': ofSwaggerUi('swagger-ui-bundle.js'),
    'swagger-ui-bundle.js.LICENSE.txt': ofSwaggerUi('swagger-ui-bundle.js.LICENSE.txt'),
  };
}
