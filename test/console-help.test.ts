/** The console's Help as files: the policy of each answer, caching, what is not there, a checkout without a built site. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerConsoleHelp } from '../src/http/console-help.js';

const HASH = 'RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc=';
const FILES = {
  'site/index.html': '<h1>Help</h1>',
  'site/404.html': '<h1>No such page</h1>',
  'site/guides/console.html': '<h1>The console</h1>',
  'site/api/index.html': '<h1>Management API</h1>',
  'site/assets/app.1a2b.js': 'export {};',
  'site/assets/app.1a2b.js.br': 'the same, compressed',
  'site/script-hashes.json': JSON.stringify([HASH]),
  'secret.txt': 'not for anybody',
};

let folder: string;
let app: FastifyInstance;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vestibule-help-'));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  app = fastify();
  await registerConsoleHelp(app, `${folder}/site/`);
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (url: string) => app.inject({ url });

/** The directives of the policy, by name. */
async function readPolicy(url: string) {
  const { headers } = await get(url);
  const directives = String(headers['content-security-policy']).split('; ');
  return new Map(directives.map((one) => [one.split(' ')[0], one.split(' ').slice(1)]));
}

describe('pages', () => {
  test.each([
    ['/console/help/', 'Help'],
    ['/console/help/guides/console.html', 'The console'],
    ['/console/help/api/', 'Management API'],
  ])('%s is the page, for everybody, without a sign-in', async (url, heading) => {
    const answer = await get(url);
    expect([answer.statusCode, answer.body]).toEqual([200, `<h1>${heading}</h1>`]);
    expect(answer.headers['cache-control']).toBe('no-cache');
  });

  test('the address without its slash leads to the first page', async () => {
    const answer = await get('/console/help');
    expect([answer.statusCode, answer.headers.location]).toEqual([302, '/console/help/']);
  });

  test('a shared cache keeps one copy of a file for each encoding', async () => {
    const url = '/console/help/assets/app.1a2b.js';
    for (const [accepted, encoding] of [
      ['br', 'br'],
      ['identity', undefined],
    ]) {
      const { headers } = await app.inject({ url, headers: { 'accept-encoding': accepted } });
      expect([headers['content-encoding'], headers.vary]).toEqual([encoding, 'accept-encoding']);
    }
  });

  test('hashed files may be kept for ever', async () => {
    expect((await get('/console/help/assets/app.1a2b.js')).headers['cache-control']).toContain('immutable');
  });

  test.each([
    '/console/help/nothing.html',
    '/console/help/guides/',
    '/console/help/../secret.txt',
    '/console/help/..%2fsecret.txt',
    '/console/help/%2e%2e/secret.txt',
    '/console/help/assets/..%5c..%5c..%5csecret.txt',
    '/console/help//etc/passwd',
  ])('%s is nothing, and says so as a page', async (url) => {
    const answer = await get(url);
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
    expect(answer.body).not.toContain('not for anybody');
  });
});

describe('the policy', () => {
  const URLS = ['/console/help/', '/console/help/nothing.html', '/console/help/assets/app.1a2b.js'];

  test.each(URLS)('%s has an origin of its own: a script in it has nothing of the console', async (url) => {
    expect((await readPolicy(url)).get('sandbox')).toEqual([
      'allow-scripts',
      'allow-popups',
      'allow-popups-to-escape-sandbox',
    ]);
  });

  test.each(URLS)("%s runs the site's own scripts alone, and stands in no frame", async (url) => {
    const policy = await readPolicy(url);
    expect(policy.get('script-src')).toEqual(["'self'", `'sha256-${HASH}'`]);
    expect(policy.get('default-src')).toEqual(["'none'"]);
    expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
    expect(policy.has('connect-src')).toBe(false);
    expect((await get(url)).headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' });
  });
});

test.each(['/console/help', '/console/help/', '/console/help/guides/console.html'])(
  'a checkout without a built site says at %s which command makes it',
  async (url) => {
    const bare = fastify();
    await registerConsoleHelp(bare, undefined);
    const answer = await bare.inject({ url });
    await bare.close();
    expect([answer.statusCode, answer.body]).toEqual([503, expect.stringContaining('npm run docs')]);
  },
);
