import { sayJson } from '../lib/cli/output.ts';
import { createProgram, runProgram } from '../lib/cli/program.ts';
import { createDocument } from '../lib/openapi/document.ts';

const program = createProgram(
  'npm run openapi --',
  'Prints the OpenAPI 3.1 description of the API, as GET /openapi.json returns it.',
).action(() => sayJson(createDocument(), 2));

await runProgram(program);
