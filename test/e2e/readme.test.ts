import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { testNeeding } from '../support/machine.ts';
import { stack } from '../support/stack.ts';

const run = promisify(execFile);
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The examples of the first request, in order: two commands, each with its response. */
const [, section = ''] = /^## The first request$(.*?)^## /ms.exec(readme) ?? [];
const blocks = (language: string) =>
  [...section.matchAll(new RegExp(`^\`\`\`${language}$(.*?)^\`\`\`$`, 'gms'))].map(([, text = '']) => text);
const [patch = '', get = ''] = blocks('sh');
const [acknowledgment = '', finished = ''] = blocks('json');
const idIn = (text: string) => /"id":"([^"]+)"/.exec(text)?.[1] ?? '';

/** Ids and times differ each time. */
function withoutIdsAndTimes(json: string): unknown {
  return JSON.parse(json, (key, value: unknown) => {
    if (key === 'id') return 'an id';
    return key.endsWith('At') && value !== 0 ? 'a time' : value;
  });
}

async function curl(command: string): Promise<string> {
  const { stdout } = await run('bash', ['-c', command.replaceAll('http://127.0.0.1:3000', stack.baseUrl)]);
  return stdout;
}

testNeeding('bash', 'curl')(
  'the first request of the README gets the response that stands there (needs bash and curl)',
  async () => {
    const accepted = await curl(patch);
    expect(withoutIdsAndTimes(accepted)).toEqual(withoutIdsAndTimes(acknowledgment));
    const command = get.replace(idIn(acknowledgment), idIn(accepted));
    await expect.poll(() => curl(command), { timeout: 30_000 }).toContain('"COMPLETED"');
    expect(withoutIdsAndTimes(await curl(command))).toEqual(withoutIdsAndTimes(finished));
  },
);
