import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDocument } from '../../lib/openapi/document.ts';

/** What Redocly finds, warnings too. */
function problemsOf(document: object): unknown[] {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
  try {
    const file = join(folder, 'openapi.json');
    writeFileSync(file, JSON.stringify(document));
    const { stdout } = spawnSync(
      join(import.meta.dirname, '../../node_modules/.bin/redocly'),
      ['lint', '--extends', 'recommended-strict', '--format', 'json', file],
      {
        encoding: 'utf8',
        // It asks no other host for anything.
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      },
    );
    return JSON.parse(stdout.slice(stdout.indexOf('{'))).problems;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it("the description of the API breaks no rule of Redocly's recommended-strict, and another would", () => {
  const document = createDocument();
  expect(problemsOf(document)).toEqual([]);
  expect(problemsOf({ ...document, servers: [] })).not.toEqual([]);
});
