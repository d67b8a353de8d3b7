import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const modules = globSync('{lambdas,lib}/**/*.{ts,tsx}', { cwd: root }).sort();

interface Elsewhere {
  /** Why no test bears the name of the module. */
  readonly because: string;
  /** Where it is tried instead; nowhere when there is nothing to try. */
  readonly in: readonly string[];
}

const TYPES: Elsewhere = { because: 'types and constants', in: [] };
const REAL_SERVICES = 'it makes sense on the real services only';
const THE_STACK = 'it is a part of the local stack, which is tried as a whole';
const A_FILE_JOB = 'it is a step of file jobs, which are tried as a whole';
const A_COMMAND = 'a command is tried as its user runs it';
const IN_A_BROWSER = 'what a page shows and asks is tried in a browser';

/** Modules, and folders of modules, that no test bears the name of. */
const ELSEWHERE: Readonly<Record<string, Elsewhere>> = {
  'lambdas/contract/environment.ts': TYPES,
  'lambdas/contract/file-keys.ts': TYPES,
  'lambdas/contract/fields.ts': TYPES,
  'lambdas/contract/limits.ts': TYPES,
  'lambdas/contract/process.ts': TYPES,
  'lambdas/contract/metrics-namespace.ts': TYPES,
  'lambdas/contract/statuses.ts': TYPES,
  'lambdas/contract/views.ts': TYPES,
  'lambdas/domain/change.ts': TYPES,
  'lambdas/domain/ports.ts': TYPES,
  'lambdas/domain/undo.ts': TYPES,
  'lambdas/domain/delivery.ts': {
    because: 'it is tried with the applying of updates',
    in: ['test/unit/lambdas/domain/apply-updates.test.ts'],
  },
  'lambdas/domain/processed-entry.ts': {
    because: 'it is tried with the applying of updates',
    in: ['test/unit/lambdas/domain/apply-updates.test.ts', 'test/unit/lambdas/domain/place-updates.test.ts'],
  },
  'lambdas/domain/field.ts': {
    because: 'it is tried with the merging of updates',
    in: ['test/unit/lambdas/domain/merge.test.ts'],
  },
  'lambdas/domain/with-changes.ts': {
    because: 'it is tried with what decides on changes',
    in: ['test/unit/lambdas/domain/merge.test.ts', 'test/unit/lambdas/domain/decide-undo.test.ts'],
  },
  'lambdas/domain/retry-undo.ts': {
    because: 'it is tried with the undo that it repeats',
    in: ['test/unit/lambdas/domain/undo-job.test.ts'],
  },
  'lambdas/domain/undo-dry-run.ts': { because: REAL_SERVICES, in: ['test/e2e/undo.test.ts'] },
  'lambdas/adapters/content-disposition.ts': {
    because: 'a header, tried with the URLs that name it',
    in: ['test/integration/file-store.test.ts'],
  },
  'lambdas/adapters/file-faults.ts': {
    because: 'what S3 says is tried as it says it',
    in: ['test/integration/file-store.test.ts'],
  },
  'lambdas/domain/accept-chunk.ts': {
    because: A_FILE_JOB,
    in: ['test/guarantees/simulation.test.ts', 'test/e2e/file-job.test.ts'],
  },
  'lambdas/domain/again-file.ts': {
    because: A_FILE_JOB,
    in: ['test/guarantees/simulation.test.ts', 'test/e2e/file-job.test.ts'],
  },
  'lambdas/domain/apply-file.ts': {
    because: A_FILE_JOB,
    in: ['test/guarantees/simulation.test.ts', 'test/e2e/file-job.test.ts'],
  },
  'lambdas/domain/begin-again.ts': {
    because: A_FILE_JOB,
    in: ['test/guarantees/simulation.test.ts', 'test/e2e/file-job.test.ts'],
  },
  'lambdas/domain/create-file-job.ts': {
    because: A_FILE_JOB,
    in: ['test/guarantees/simulation.test.ts', 'test/e2e/file-job.test.ts'],
  },
  'lambdas/domain/file-results.ts': {
    because: A_FILE_JOB,
    in: ['test/guarantees/simulation.test.ts', 'test/e2e/file-job.test.ts'],
  },
  'lambdas/domain/read-file.ts': {
    because: A_FILE_JOB,
    in: ['test/guarantees/simulation.test.ts', 'test/e2e/file-job.test.ts'],
  },
  'lambdas/domain/file-header.ts': TYPES,
  'lambdas/domain/job-progress.ts': TYPES,
  'lambdas/rows/file-fault.ts': TYPES,
  'lambdas/domain/file-job.ts': {
    because: 'types and constants; its keys are tried with the files that have them',
    in: ['test/e2e/file-job.test.ts'],
  },
  'lambdas/domain/store-released.ts': {
    because: 'it is what undoing and doing again have in common',
    in: ['test/unit/lambdas/domain/undo-job.test.ts', 'test/e2e/file-job.test.ts'],
  },
  'lambdas/contract/file-job.ts': {
    because: 'schemas, tried with the requests that they check',
    in: ['test/unit/lambdas/http/file-request.test.ts'],
  },
  'lambdas/file-job.ts': {
    because: 'it wires uploads and results to their services',
    in: ['test/guarantees/simulation.test.ts', 'test/e2e/file-job.test.ts'],
  },
  'lambdas/run-file-job.ts': {
    because: 'it wires the steps of file jobs to their services',
    in: ['test/guarantees/simulation.test.ts', 'test/e2e/file-job.test.ts'],
  },
  'lambdas/rows/byte-window.ts': {
    because: 'it is a part of splitting a file',
    in: ['test/unit/lambdas/rows/split-file.test.ts', 'test/unit/lambdas/rows/split-file.properties.test.ts'],
  },
  'lambdas/rows/file-beginning.ts': {
    because: 'it is a part of splitting a file',
    in: ['test/unit/lambdas/rows/split-file.test.ts'],
  },
  'lambdas/adapters/compact-results-store.ts': {
    because: REAL_SERVICES,
    in: ['test/integration/compact-results.test.ts'],
  },
  'lambdas/adapters/file-step-queue.ts': {
    because: A_FILE_JOB,
    in: ['test/guarantees/simulation.test.ts', 'test/e2e/file-job.test.ts'],
  },
  'lambdas/runtime/services.ts': TYPES,
  'lambdas/rows/column.ts': TYPES,
  'lambdas/contract/email-and-phone.ts': {
    because: 'expressions, tried with the types of attribute that use them',
    in: ['test/unit/lambdas/contract/attribute-types.test.ts', 'test/repository/regular-expressions.test.ts'],
  },
  'lambdas/contract/times.ts': {
    because: 'schemas, tried with the types of attribute that use them',
    in: ['test/unit/lambdas/contract/attribute-types.test.ts', 'test/unit/lambdas/contract/values.test.ts'],
  },
  'lambdas/runtime/logger.ts': {
    because: 'one line; what it logs is tried with the handlers',
    in: ['test/guarantees/simulation.test.ts'],
  },
  'lib/console/model/reading.ts': { because: IN_A_BROWSER, in: ['test/console/files.test.ts'] },
  'lib/console/model/read-worker.ts': { because: IN_A_BROWSER, in: ['test/console/files.test.ts'] },
  'lib/console/model/preview-sheets.ts': {
    because: 'it is a part of inspecting a file',
    in: ['test/unit/lib/console/model/inspect-source.test.ts'],
  },
  'lambdas/rows/xlsx.ts': {
    because: 'it names the modules that are loaded with the first workbook',
    in: ['test/unit/lambdas/rows/xlsx-table.test.ts'],
  },
  'lambdas/accept.ts': {
    because: 'it wires accepting to its services',
    in: ['test/guarantees/simulation.test.ts', 'test/e2e/jobs.test.ts'],
  },
  'lambdas/apply.ts': {
    because: 'it wires applying to its services',
    in: ['test/guarantees/simulation.test.ts', 'test/e2e/jobs.test.ts'],
  },
  'lambdas/finalize-job.ts': {
    because: 'it wires finalizing to its services',
    in: ['test/guarantees/simulation.test.ts', 'test/e2e/jobs.test.ts'],
  },
  'lambdas/control-job.ts': {
    because: 'it wires cancelling and retrying to their services',
    in: ['test/integration/retry.test.ts', 'test/e2e/jobs.test.ts'],
  },
  'lambdas/undo-job.ts': {
    because: 'it wires undoing to its services',
    in: ['test/e2e/undo.test.ts', 'test/integration/remedies.test.ts'],
  },
  'lambdas/authorize.ts': { because: REAL_SERVICES, in: ['test/integration/api-keys.test.ts'] },
  'lambdas/dead-letter.ts': {
    because: 'it wires the end of failed updates to its services',
    in: ['test/integration/dead-letter.test.ts', 'test/guarantees/simulation.test.ts'],
  },
  'lambdas/documentation.ts': { because: REAL_SERVICES, in: ['test/e2e/documentation.test.ts'] },
  'lambdas/read-entries.ts': { because: REAL_SERVICES, in: ['test/e2e/jobs.test.ts'] },
  'lambdas/read-api-key.ts': { because: REAL_SERVICES, in: ['test/integration/api-keys.test.ts'] },
  'lambdas/read-procedure.ts': { because: REAL_SERVICES, in: ['test/integration/procedures.test.ts'] },
  'lambdas/read-job.ts': {
    because: REAL_SERVICES,
    in: ['test/e2e/jobs.test.ts', 'test/integration/waiting-places.test.ts', 'test/load/job-list.test.ts'],
  },
  'lambdas/read-process.ts': { because: REAL_SERVICES, in: ['test/integration/path-parameters.test.ts'] },
  'lambdas/adapters/dead-letter-queue.ts': {
    because: REAL_SERVICES,
    in: ['test/integration/dead-letter.test.ts'],
  },
  'lambdas/adapters/dry-run-processes.ts': {
    because: 'it is held against the store that writes',
    in: ['test/integration/process-store.test.ts'],
  },
  'lambdas/adapters/event-bus.ts': { because: REAL_SERVICES, in: ['test/integration/aws-shapes.test.ts'] },
  'lambdas/adapters/idempotency-store.ts': {
    because: REAL_SERVICES,
    in: ['test/integration/job-store.test.ts'],
  },
  'lambdas/adapters/job-check-queue.ts': {
    because: REAL_SERVICES,
    in: ['test/guarantees/conformance/queues.test.ts', 'test/guarantees/simulation.test.ts'],
  },
  'lambdas/adapters/key-store.ts': { because: REAL_SERVICES, in: ['test/integration/api-keys.test.ts'] },
  'lambdas/adapters/procedure-store.ts': {
    because: REAL_SERVICES,
    in: ['test/integration/procedures.test.ts'],
  },
  'lambdas/adapters/process-creation.ts': {
    because: 'what it writes is tried on a table',
    in: ['test/integration/process-creation.test.ts'],
  },
  'lambdas/adapters/process-write.ts': {
    because: 'what it writes is tried on a table',
    in: ['test/integration/process-store.test.ts'],
  },
  'lambdas/adapters/queue-consumer.ts': {
    because: REAL_SERVICES,
    in: ['test/integration/update-queue.test.ts'],
  },
  'lambdas/adapters/submission-store.ts': {
    because: REAL_SERVICES,
    in: ['test/integration/job-store.test.ts'],
  },
  'lambdas/adapters/held-updates-store.ts': {
    because: REAL_SERVICES,
    in: ['test/integration/job-store.test.ts'],
  },
  'lambdas/adapters/chunk-items.ts': {
    because: REAL_SERVICES,
    in: ['test/integration/job-store.test.ts'],
  },
  'lambdas/domain/chunks.ts': {
    because: 'chunks are tried with what is packed into them',
    in: ['test/unit/lambdas/domain/submission.test.ts', 'test/unit/lambdas/domain/held-updates.test.ts'],
  },
  'lib/build/manifest.ts': {
    because: 'the package is tried as a whole',
    in: ['test/e2e/integrators.test.ts'],
  },
  'lib/build/package.ts': {
    because: 'the package is tried as a whole',
    in: ['test/e2e/integrators.test.ts'],
  },
  'lambdas/contract/error-explanations.ts': {
    because: 'texts, tried as the page that they make and as remedies',
    in: ['test/unit/lib/openapi/errors-page.test.ts', 'test/integration/remedies.test.ts'],
  },
  'lib/cli/commands/': {
    because: A_COMMAND,
    in: ['test/e2e/bulk-command.test.ts', 'test/e2e/bulk-plan.test.ts', 'test/e2e/bulk-undo.test.ts'],
  },
  'lib/cli/api-command.ts': { because: A_COMMAND, in: ['test/integration/command-arguments.test.ts'] },
  'lib/cli/command-lines.ts': { because: A_COMMAND, in: ['test/e2e/bulk-command.test.ts'] },
  'lib/cli/command-name.ts': TYPES,
  'lib/cli/usage-error.ts': TYPES,
  'lib/cli/prompts.ts': {
    because: 'it is tried in a terminal',
    in: ['test/e2e/profiles.test.ts'],
  },
  'lib/cli/output.ts': { because: A_COMMAND, in: ['test/integration/command-arguments.test.ts'] },
  'lib/cli/report-error.ts': { because: A_COMMAND, in: ['test/e2e/bulk-command.test.ts'] },
  'lib/cli/signals.ts': { because: A_COMMAND, in: ['test/e2e/bulk-command.test.ts'] },
  'lib/cli/terminal.ts': { because: A_COMMAND, in: ['test/e2e/bulk-command.test.ts'] },
  'lib/cli/watch-job.ts': { because: A_COMMAND, in: ['test/e2e/bulk-plan.test.ts'] },
  'lib/cli/file-run.ts': {
    because: 'a run needs the API that it sends to',
    in: ['test/e2e/bulk-command.test.ts', 'test/e2e/bulk-files.test.ts'],
  },
  'lib/cli/proxy.ts': {
    because: 'it is tried with a proxy, in a process of its own',
    in: ['test/integration/proxy.test.ts'],
  },
  'lib/cli/temporary.ts': {
    because: 'it acts when its process ends',
    in: ['test/e2e/bulk-command.test.ts'],
  },
  'lib/client/index.ts': {
    because: 'it needs an API to talk to',
    in: ['test/integration/typed-client.test.ts'],
  },
  'lib/client/envelope.ts': {
    because: 'it needs an API to talk to',
    in: ['test/integration/typed-client.test.ts'],
  },
  'lib/client/files.ts': {
    because: 'it needs an API to talk to',
    in: ['test/integration/file-client.test.ts'],
  },
  'lib/client/header-text.ts': {
    because: 'it is tried with the keys and etags that it checks',
    in: ['test/unit/lib/client/json-text.test.ts', 'test/integration/typed-client.test.ts'],
  },
  'lib/client/job-of.ts': {
    because: 'it needs an API to talk to',
    in: ['test/integration/typed-client.test.ts'],
  },
  'lib/client/pages.ts': {
    because: 'it needs an API to talk to',
    in: ['test/integration/typed-client.test.ts'],
  },
  'lib/client/paths.ts': {
    because: 'it needs an API to talk to',
    in: ['test/integration/typed-client.test.ts', 'test/integration/file-client.test.ts'],
  },
  'lib/client/pause.ts': {
    because: 'it needs an API to talk to',
    in: ['test/integration/typed-client.test.ts', 'test/integration/file-client.test.ts'],
  },
  'lib/client/upload.ts': {
    because: 'it needs an API to talk to',
    in: ['test/integration/file-client.test.ts'],
  },
  'lib/client/responses.ts': TYPES,
  'lib/console/hooks/': { because: IN_A_BROWSER, in: ['test/console/console.test.ts'] },
  'lib/console/jobs/': { because: IN_A_BROWSER, in: ['test/console/console.test.ts'] },
  'lib/console/send/': { because: IN_A_BROWSER, in: ['test/console/console.test.ts'] },
  'lib/console/ui/': { because: IN_A_BROWSER, in: ['test/console/console.test.ts'] },
  'lib/console/App.tsx': { because: IN_A_BROWSER, in: ['test/console/console.test.ts'] },
  'lib/console/Workspace.tsx': { because: IN_A_BROWSER, in: ['test/console/console.test.ts'] },
  'lib/console/main.tsx': { because: IN_A_BROWSER, in: ['test/console/console.test.ts'] },
  'lib/console/SignIn.tsx': { because: IN_A_BROWSER, in: ['test/console/console.test.ts'] },
  'lib/console/build.ts': { because: 'what it builds is served', in: ['test/integration/console.test.ts'] },
  'lib/console/vite.config.ts': {
    because: 'what it builds is served',
    in: ['test/integration/console.test.ts'],
  },
  'lib/console/model/send.ts': {
    because: 'it is held against the command, on the real API',
    in: ['test/integration/send-batch.test.ts'],
  },
  'lib/client/creates.ts': {
    because: 'it is held against the real API',
    in: ['test/integration/send-batch.test.ts'],
  },
  'lib/client/try-batch.ts': {
    because: 'it asks an API, tried with one that says what it is told',
    in: ['test/integration/try-batch.test.ts'],
  },
  'lib/infrastructure/': {
    because: 'what it makes is tried in the template',
    in: [
      'test/infrastructure/api.test.ts',
      'test/infrastructure/configuration.test.ts',
      'test/infrastructure/permissions.test.ts',
      'test/infrastructure/resources.test.ts',
    ],
  },
  'lib/local/console.ts': { because: THE_STACK, in: ['test/integration/console.test.ts'] },
  'lib/local/dynamodb.ts': {
    because: THE_STACK,
    in: ['test/integration/strangers.test.ts', 'test/guarantees/conformance/tables.test.ts'],
  },
  'lib/local/function-worker.ts': { because: THE_STACK, in: ['test/integration/dead-letter.test.ts'] },
  'lib/local/functions.ts': { because: THE_STACK, in: ['test/integration/dead-letter.test.ts'] },
  'lib/local/guard.ts': { because: THE_STACK, in: ['test/integration/lifecycle.test.ts'] },
  'lib/local/signed-url.ts': {
    because: 'it is tried with the URLs that the SDK signs',
    in: ['test/integration/files.test.ts'],
  },
  'lib/local/queues.ts': {
    because: THE_STACK,
    in: ['test/integration/strangers.test.ts', 'test/guarantees/conformance/queues.test.ts'],
  },
  'lib/local/sample-data.ts': { because: THE_STACK, in: ['test/e2e/jobs.test.ts'] },
  'lib/local/stack.ts': { because: THE_STACK, in: ['test/integration/lifecycle.test.ts'] },
  'lib/local/template.ts': { because: THE_STACK, in: ['test/integration/aws-shapes.test.ts'] },
  'lib/openapi/document.ts': {
    because: 'every answer of the tests is held against it',
    in: ['test/repository/openapi.test.ts', 'test/e2e/documentation-examples.test.ts'],
  },
  'lib/openapi/errors.ts': TYPES,
  'lib/openapi/operation.ts': TYPES,
  'lib/openapi/file-job-operations.ts': {
    because: 'it is data: the description is checked, and answers of the API are held against it',
    in: ['test/repository/openapi.test.ts', 'test/infrastructure/api.test.ts'],
  },
  'lib/openapi/operations.ts': {
    because: 'it is a part of the description',
    in: ['test/repository/openapi.test.ts', 'test/infrastructure/api.test.ts'],
  },
  'lib/openapi/schemas.ts': {
    because: 'it is a part of the description',
    in: ['test/repository/openapi.test.ts', 'test/e2e/fields.test.ts'],
  },
  'lib/operations/processes-table.ts': {
    because: 'it is tried by the command that uses it',
    in: ['test/integration/processes-table.test.ts'],
  },
  'lib/operations/attribute-use.ts': {
    because: REAL_SERVICES,
    in: ['test/integration/procedures.test.ts'],
  },
  'lib/operations/dropped-attributes.ts': {
    because: REAL_SERVICES,
    in: ['test/integration/procedures.test.ts'],
  },
  'lib/operations/redrive.ts': { because: REAL_SERVICES, in: ['test/integration/dead-letter.test.ts'] },
};

/** Tests of no module. */
const OF_NO_MODULE = [
  // Held by the change that moves the documents: then they belong into test/repository.
  'test/repository/documents.test.ts',
  'test/repository/security.test.ts',
];

/** The tests that bear the name of a module: in its folder, or in one of another kind of test, which imports it. */
function testsOf(module: string): string[] {
  const name = module.replace(/\.tsx?$/, '');
  const units = [`test/unit/${name}.test.ts`, `test/unit/${name}.properties.test.ts`];
  const others = ['integration', 'infrastructure', 'repository']
    .map((kind) => `test/${kind}/${basename(name)}.test.ts`)
    .filter((path) => existsSync(root + path) && readFileSync(root + path, 'utf8').includes(`/${module}'`));
  return [...units.filter((path) => existsSync(root + path)), ...others];
}

const entryOf = (module: string) =>
  Object.keys(ELSEWHERE).find((path) => module === path || (path.endsWith('/') && module.startsWith(path)));

test('every module has a test of its name, or a reason to have none', () => {
  const untried = modules.filter((module) => testsOf(module).length === 0 && entryOf(module) === undefined);
  expect(untried).toEqual([]);
});

test('every reason is of a module that has no test of its name', () => {
  const stale = Object.keys(ELSEWHERE).filter((path) => {
    const meant = modules.filter(
      (module) => module === path || (path.endsWith('/') && module.startsWith(path)),
    );
    return !meant.some((module) => testsOf(module).length === 0);
  });
  expect(stale).toEqual([]);
});

test.each(Object.entries(ELSEWHERE))('%s is tried where its entry says', (_module, { in: files }) => {
  expect(files.filter((file) => !existsSync(root + file))).toEqual([]);
});

test('every unit test bears the name of a module', () => {
  const nameless = globSync('test/unit/**/*.test.ts', { cwd: root }).filter((path) => {
    const name = path.replace(/^test\/unit\//, '').replace(/(?:\.properties)?\.test\.ts$/, '');
    return ![`${name}.ts`, `${name}.tsx`].some((module) => existsSync(root + module));
  });
  expect(nameless.filter((path) => !OF_NO_MODULE.includes(path))).toEqual([]);
});
