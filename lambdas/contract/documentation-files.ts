/** The files of the documentation, which the function that serves them has beside its code, with their media types. */
export const DOCUMENTATION_FILES = {
  'openapi.json': 'application/json',
  'index.html': 'text/html',
  'start.js': 'text/javascript',
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'swagger-ui-bundle.js.LICENSE.txt': 'text/plain',
} as const;

export type DocumentationFile = keyof typeof DOCUMENTATION_FILES;

export function isDocumentationFile(name: string): name is DocumentationFile {
  return Object.hasOwn(DOCUMENTATION_FILES, name);
}
