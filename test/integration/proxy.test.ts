import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listenOnLoopback } from '../../lib/local/loopback.ts';
import { bulk, startBulk } from '../support/bulk-command.ts';
import { temporaryFolder } from '../support/folder.ts';
import { testNeeding } from '../support/machine.ts';
import { startScriptedApi } from '../support/scripted-api.ts';

const cwd = temporaryFolder();
const NOBODY = 'https://bulk.acme.example';

/** A proxy as companies have it, which records what it is asked for. @param target - where it tunnels to */
async function startProxy(target?: string) {
  const asked: { method: string | undefined; url: string | undefined; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    asked.push({ method: request.method, url: request.url, headers: request.headers });
    response.writeHead(403).end();
  });
  server.on('connect', ({ method, url, headers }, client: Socket) => {
    asked.push({ method, url, headers });
    if (target === undefined) return client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const { port, hostname } = new URL(target);
    const tunnel = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tunnel.pipe(client).pipe(tunnel);
    });
    for (const socket of [client, tunnel]) socket.on('error', () => socket.destroy());
    return undefined;
  });
  const { endpoint, stop } = await listenOnLoopback(server);
  onTestFinished(stop);
  return { endpoint, asked };
}

const jobs = (url: string, env: Record<string, string>) =>
  bulk(['jobs'], { cwd, url, apiKey: 'secret-key', env: { NODE_USE_ENV_PROXY: '', ...env } });

test.for(['HTTPS_PROXY', 'https_proxy'])(
  'the proxy of %s is asked for the API, and is not told the key',
  async (name) => {
    const proxy = await startProxy();
    const place = { cwd, url: `${NOBODY}:8443`, apiKey: 'secret-key', env: { [name]: proxy.endpoint } };
    const running = startBulk(['jobs'], place);
    // It would go on to ask until its attempts are used up.
    await expect.poll(() => proxy.asked.length, { timeout: 20_000 }).toBeGreaterThan(0);
    running.process.kill();
    await running.ended;
    expect(proxy.asked[0]).toMatchObject({ method: 'CONNECT', url: 'bulk.acme.example:8443' });
    expect(JSON.stringify(proxy.asked)).not.toContain('secret-key');
  },
);

test('this machine is asked without a proxy, which would see the key', async () => {
  const proxy = await startProxy();
  const env = { HTTP_PROXY: proxy.endpoint, HTTPS_PROXY: proxy.endpoint, http_proxy: proxy.endpoint };
  for (const more of [{}, { NODE_USE_ENV_PROXY: '1' }]) {
    const api = await startScriptedApi({ status: 200, data: [], meta: { next: null } });
    expect(await jobs(api.url, { ...env, ...more })).toMatchObject({ code: 0, stderr: '' });
    expect(api.requests).toHaveLength(1);
  }
  expect(proxy.asked).toEqual([]);
});

test('a host of NO_PROXY is asked without a proxy', async () => {
  const proxy = await startProxy();
  const env = { HTTPS_PROXY: proxy.endpoint, NO_PROXY: '.invalid' };
  const { stderr } = await bulk(['jobs'], { cwd, url: 'https://bulk.acme.invalid', env });
  expect(stderr).toContain('bulk.acme.invalid');
  expect(proxy.asked).toEqual([]);
});

testNeeding('openssl')(
  'a file goes through the proxy, encrypted from here to the API (needs openssl)',
  async () => {
    const folder = mkdtempSync(join(cwd, 'tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=bulk.acme.example', '-addext', 'subjectAltName=DNS:bulk.acme.example'];
    const made = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '1',
    ];
    expect(spawnSync('openssl', [...made, ...subject, '-keyout', key, '-out', cert]).status).toBe(0);
    const received: (string | undefined)[] = [];
    const api = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
      received.push(request.headers.authorization);
      response.end(JSON.stringify({ _data: [], _meta: { next: null }, _errors: [] }));
    });
    const { endpoint, stop } = await listenOnLoopback(api as unknown as ReturnType<typeof createServer>);
    onTestFinished(stop);
    const proxy = await startProxy(endpoint);
    const env = { HTTPS_PROXY: proxy.endpoint, NODE_EXTRA_CA_CERTS: cert };
    expect(await jobs(`${NOBODY}:8443`, env)).toMatchObject({ code: 0, stderr: '' });
    expect(received).toEqual(['Bearer secret-key']);
    expect(proxy.asked).toMatchObject([{ method: 'CONNECT', url: 'bulk.acme.example:8443' }]);
    expect(JSON.stringify(proxy.asked)).not.toContain('secret-key');
  },
);
