import { createProgram, runProgram } from '../lib/cli/program.ts';
import { errorsPage } from '../lib/openapi/errors-page.ts';

const program = createProgram(
  'node bin/errors.ts',
  'Prints the page of all error codes, docs/errors.md.',
).action(() => {
  process.stdout.write(errorsPage());
});

await runProgram(program);
