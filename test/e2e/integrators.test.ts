import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request as forward } from 'node:http';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { listenOnLoopback } from '../../lib/local/loopback.ts';
import { createDocument } from '../../lib/openapi/document.ts';
import { KEYS, lead, update } from '../support/api.ts';
import { testNeeding } from '../support/machine.ts';
import { stack } from '../support/stack.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
/** Below the package's folder, where its own name leads to what it exports. */
const folder = `${root}dist/examples/`;
const page = readFileSync(`${root}docs/integrators.md`, 'utf8');
const env = { BULK_UPDATE_URL: stack.baseUrl, BULK_UPDATE_KEY: KEYS.local };

/** The example in a language: the one below the heading. */
function example(heading: string, language: string): string {
  const [, text] = new RegExp(`^##+ ${heading}$.*?^\`\`\`${language}$(.*?)^\`\`\`$`, 'ms').exec(page) ?? [];
  if (text === undefined) throw new Error(`There is no example below ${heading}`);
  return text;
}

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
});

type Settings = typeof env;

/** Runs an example as it stands there, in a folder of its own: two may run at a time. */
function runScript(script: string, settings: Settings) {
  const cwd = mkdtempSync(`${folder}curl-`);
  return run('bash', ['-euo', 'pipefail', '-c', script], { cwd, env: { ...process.env, ...settings } });
}

const runCurl = (settings: Settings) => runScript(example('curl', 'sh'), settings);

const runPython = (settings: Settings, ...more: string[]) =>
  run('python3', ['-c', [example('Python', 'python'), ...more].join('\n')], {
    cwd: folder,
    env: { ...process.env, ...settings },
  });

/** The API behind a proxy that answers the first PATCH as long as another with its key is being accepted. */
async function busyAtFirst() {
  const keys: unknown[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = '', url = '/', headers } = incoming;
    if (method === 'PATCH' && keys.push(headers['idempotency-key']) === 1) {
      outgoing.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
      outgoing.end('{"_data":null,"_meta":{},"_errors":[{"code":"IDEMPOTENCY_KEY_IN_USE","message":"…"}]}');
      return;
    }
    const { host: _host, ...passed } = headers;
    const outward = forward(new URL(url, stack.baseUrl), { method, headers: passed }, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(outgoing);
    });
    outward.end(Buffer.concat(chunks));
  });
  const { endpoint, stop } = await listenOnLoopback(server);
  onTestFinished(stop);
  return { env: { ...env, BULK_UPDATE_URL: endpoint }, keys };
}

testNeeding('bash', 'curl')('the example for curl does what it says (needs bash and curl)', async () => {
  const { stdout } = await runCurl(env);
  expect(stdout).toContain('"completionStatus":"COMPLETED"');
  expect(stdout).toContain('"INVALID":1,"NOT_STARTED":0,"SUCCESS":1,');
  expect(stdout).toMatch(/^1,,LEAD-00702,.*INVALID_VALUE/m);
  expect((await lead('LEAD-00701')).data).toMatchObject({ city: 'Tokyo' });
});

const RUNNERS = [
  ['curl', runCurl],
  ['Python', runPython],
] as const;
for (const [language, runExample] of RUNNERS) {
  testNeeding(
    'bash',
    'curl',
    'python3',
  )(`the example for ${language} runs again, and beside itself (needs bash, curl and python3)`, async () => {
    const runs = await Promise.all([runExample(env), runExample(env), runExample(env)]);
    for (const { stdout } of runs) expect(stdout).toContain('COMPLETED');
  });

  testNeeding(
    'bash',
    'curl',
    'python3',
  )(
    `the example for ${language} comes through while its key is in use (needs bash, curl and python3)`,
    async () => {
      const busy = await busyAtFirst();
      const { stdout } = await runExample(busy.env);
      expect(stdout).toContain('COMPLETED');
      expect(busy.keys).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), busy.keys[0]]);
    },
  );
}

test('the description prefills no idempotency key, which its second request would share', () => {
  const described = Object.values(createDocument().paths).flatMap((path) =>
    Object.values(path).flatMap(({ parameters }) => parameters),
  );
  const keys = described.filter(({ name }) => name === 'idempotency-key');
  expect(keys).not.toEqual([]);
  for (const key of keys) expect(key).not.toHaveProperty('example');
});

/** Checks the types of an example as the page says, and runs it. */
async function runTypeScript(heading: string) {
  const file = `${folder}${heading.toLowerCase().replaceAll(' ', '-')}.mts`;
  writeFileSync(file, example(heading, 'ts'));
  const flags = ['--ignoreConfig', '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022'];
  await run(`${root}node_modules/.bin/tsc`, [...flags, '--types', 'node', file], { cwd: root });
  return run(process.execPath, [file], { cwd: folder, env: { ...process.env, ...env } });
}

test('the example of a plan has the types and does what it says', async () => {
  const { stdout } = await runTypeScript('A plan in TypeScript');
  expect(stdout).toMatch(/^PLANNED \{ INVALID: 0, SUCCESS: 1, ERROR: 1 \}\n/);
  expect(stdout).toMatch(/LEAD-00707.* SUCCESS .*\{ 'data.city': 'Tokyo' \}/);
  expect(stdout).toMatch(/NO-LEAD.* ERROR /);
  expect(stdout).toMatch(/COMPLETED \{/);
  expect((await lead('LEAD-00707')).data).toMatchObject({ city: 'Tokyo' });
});

test('the example of a create has the types and does what it says', async () => {
  const { stdout } = await runTypeScript('Create in TypeScript');
  expect(stdout.match(/ (CREATED|APPLIED) /g)).toEqual([' CREATED ', ' APPLIED ', ' CREATED ']);
});

test('the example for TypeScript has the types and does what it says', async () => {
  const { stdout } = await runTypeScript('TypeScript');
  expect(stdout).toMatch(/^1 queued\n(.*\n)*COMPLETED \{\n? *INVALID: 1,/);
  expect(stdout).toMatch(/lead_id: 'LEAD-00704'.*"many" is not a whole number/);
  expect((await lead('LEAD-00703')).data).toMatchObject({ city: 'Tokyo' });
});

testNeeding('python3')('the example for Python does what it says (needs python3)', async () => {
  const { stdout } = await runPython(env);
  expect(stdout).toMatch(/^COMPLETED \{'INVALID': 1, /);
  expect(stdout).toMatch(/\n\{'lead_id': 'LEAD-00706'\} .*"many" is not a whole number/);
  expect((await lead('LEAD-00705')).data).toMatchObject({ city: 'Tokyo' });
});

testNeeding('bash', 'curl')(
  'the example of an undo for curl does what it says (needs bash and curl)',
  async () => {
    await update([{ lead_id: 'LEAD-00701', data: { city: 'Goa' } }]);
    const { stdout } = await runScript(example('curl', 'sh') + example('Undo in curl', 'sh'), env);
    expect(stdout).toContain('"before":{"data.city":"Tokyo"},"after":{"data.city":"Goa"}');
    expect(stdout).toMatch(/^\{"index":0,"identifier":\{"lead_id":"LEAD-00701"\},.*"outcome":"REVERTED"/m);
    expect((await lead('LEAD-00701')).data).toMatchObject({ city: 'Goa' });
  },
);

test('the example of an undo for TypeScript has the types and does what it says', async () => {
  await update([{ lead_id: 'LEAD-00708', data: { city: 'Goa' } }]);
  const { stdout } = await runTypeScript('Undo in TypeScript');
  expect(stdout).toContain("REVERTED { 'data.city': 'Tokyo' } { 'data.city': 'Goa' }");
  expect(stdout).toMatch(/^\{ lead_id: 'LEAD-00708' \} REVERTED \[\] \[\]$/m);
  expect((await lead('LEAD-00708')).data).toMatchObject({ city: 'Goa' });
});

testNeeding('python3')('the example of an undo for Python does what it says (needs python3)', async () => {
  await update([{ lead_id: 'LEAD-00705', data: { city: 'Goa' } }]);
  const { stdout } = await runPython(env, example('Undo in Python', 'python'));
  expect(stdout).toMatch(/^would be REVERTED \{'lead_id': 'LEAD-00705'\}.*\{'data.city': 'Goa'/m);
  expect(stdout).toMatch(/^REVERTED \{'lead_id': 'LEAD-00705'\} \[\] \[\]$/m);
  expect((await lead('LEAD-00705')).data).toMatchObject({ city: 'Goa' });
});

testNeeding('bash', 'curl')(
  'the example of a create for curl does what it says (needs bash and curl)',
  async () => {
    const { stdout } = await runScript(example('curl', 'sh') + example('Create in curl', 'sh'), env);
    expect(stdout).toMatch(/"identifier":\{"lead_id":"LEAD-NEW-1"\},.*"outcome":"(CREATED|UNCHANGED)"/);
    expect((await lead('LEAD-NEW-1')).data).toMatchObject({ city: 'Goa' });
  },
);

testNeeding('python3')('the example of a create for Python does what it says (needs python3)', async () => {
  const { stdout } = await runPython(env, example('Create in Python', 'python'));
  expect(stdout).toMatch(/^(CREATED|PROCESS_EXISTS) \{'lead_id': 'LEAD-NEW-2'\} [\da-f-]{36}$/m);
  expect((await lead('LEAD-NEW-2')).data).toMatchObject({ city: 'Goa' });
});

testNeeding('bash', 'curl')(
  'the example of a file for curl does what it says (needs bash and curl)',
  async () => {
    const auth = example('curl', 'sh').trim().split('\n', 1)[0];
    const { stdout } = await runScript(`${auth}\n${example('A file in curl', 'sh')}`, env);
    expect(stdout).toMatch(/"completionStatus":"COMPLETED".*"total":2,"isTotalFinal":true,/);
    expect(stdout).toMatch(/^Lead,City,Score,_row,_line,_status,/m);
    expect(stdout).toMatch(/^LEAD-00714,Goa,many,2,3,INVALID,,INVALID_VALUE,/m);
    expect((await lead('LEAD-00713')).data).toMatchObject({ city: 'Tokyo', score: 105 });
  },
);

test('the example of a file for TypeScript has the types and does what it says', async () => {
  const { stdout } = await runTypeScript('A file in TypeScript');
  expect(stdout).toMatch(/^COMPLETED 2 \{/m);
  expect(stdout).toMatch(/^LEAD-00716,Goa,many,2,3,INVALID,,INVALID_VALUE,/m);
  expect((await lead('LEAD-00715')).data).toMatchObject({ city: 'Tokyo', score: 105 });
});

testNeeding('python3')('the example of a file for Python does what it says (needs python3)', async () => {
  const { stdout } = await runPython(env, example('A file in Python', 'python'));
  expect(stdout).toMatch(/^COMPLETED \{'INVALID': 1, 'NOT_STARTED': 0, 'SUCCESS': 1,/m);
  expect(stdout).toMatch(/^LEAD-00718,Goa,many,2,3,INVALID,,INVALID_VALUE,/m);
  expect((await lead('LEAD-00717')).data).toMatchObject({ city: 'Tokyo', score: 105 });
});

test('the package imports nothing but Node.js, and so has no dependencies', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', './dist'], { cwd: root });
  const packed: { files: { path: string }[] }[] = Object.values(JSON.parse(stdout));
  const paths = packed.flatMap(({ files }) => files.map(({ path }) => path));
  expect(paths).toEqual(
    expect.arrayContaining([
      'bin/bulk.js',
      'lib/client/index.js',
      'lib/client/index.d.ts',
      'LICENSE',
      'THIRD-PARTY-LICENSES.txt',
    ]),
  );
  const imported = paths
    .filter((path) => /\.(js|ts)$/.test(path))
    .flatMap((path) => [
      ...readFileSync(`${root}dist/${path}`, 'utf8').matchAll(
        /^(?:import|export) .*?from ["']([^."'][^"']*)["']/gm,
      ),
    ])
    .map(([, name = '']) => name)
    .filter((name) => !isBuiltin(name));
  expect(imported).toEqual([]);
  expect(JSON.parse(readFileSync(`${root}dist/package.json`, 'utf8'))).not.toHaveProperty('dependencies');
});

test('the package brings the licence of each package that is bundled in it', () => {
  const bundles = ['bin/bulk.js', 'lib/client/index.js'].map((name) =>
    readFileSync(`${root}dist/${name}`, 'utf8'),
  );
  // esbuild tells in a comment where code is from.
  const comments = bundles
    .join('\n')
    .matchAll(/^\s*\/\/ (node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//gm);
  const folders = [...new Set([...comments].map(([, folder = '']) => folder))];
  expect(folders).toEqual(expect.arrayContaining(['node_modules/commander', 'node_modules/csv-parse']));
  const licences = readFileSync(`${root}dist/THIRD-PARTY-LICENSES.txt`, 'utf8');
  for (const folder of folders) {
    const { name, version } = JSON.parse(readFileSync(`${root}${folder}/package.json`, 'utf8'));
    const file = readdirSync(`${root}${folder}`).find((each) => /^licen[cs]e/i.test(each));
    expect(licences).toContain(`${name} ${version} (`);
    // Some have it in their README alone.
    if (file === undefined) continue;
    expect(licences).toContain(
      readFileSync(`${root}${folder}/${file}`, 'utf8').replaceAll('\r\n', '\n').trim(),
    );
  }
});

test('the command of the package runs on its own', async () => {
  const { stdout } = await run(process.execPath, [`${root}dist/bin/bulk.js`, 'procedures', 'lead'], { env });
  expect(stdout).toContain('lead: primary key lead_id');
});
