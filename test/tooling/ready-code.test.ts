/**
 * The code that the console prints, as far as it can be judged without its packages: it parses, it reads the variables that its file of variables
 * has, its addresses are those that the page adds. `scripts/judges/ready-code.ts` runs it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import type { CodeFacts, Kit } from '../../src/console/pages/applications/kits/kit.js';
import { chooseFacts, findMissing, KITS, kitsFor } from '../../src/console/pages/applications/ready-code.js';
import { toNewClient } from '../../src/console/pages/applications/settings-values.js';
import { startInstance } from '../support/instance.js';

const ORIGIN = 'https://login.example.com';
const ALL = Object.entries(KITS) as readonly (readonly [string, Kit])[];
const CODE = ALL.filter(([, kit]) => kit.tried !== undefined);

function factsOf(kit: Kit, callbacks: readonly string[] = [], origin = ORIGIN): CodeFacts {
  return chooseFacts({ client_id: 'the-client', callbacks }, { kit, origin, audience: undefined });
}

async function parse({ name, text }: { readonly name: string; readonly text: string }): Promise<void> {
  if (/\.m?jsx?$/.test(name)) {
    await transform(text, { loader: 'jsx', format: 'esm' });
    return;
  }
  const [program, args] = name.endsWith('.py')
    ? ['python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())']]
    : ['sh', ['-n']];
  const { status, stderr } = spawnSync(program, args as string[], { input: text, encoding: 'utf8' });
  expect(status, `${name}: ${stderr}`).toBe(0);
}

describe.each(CODE)('%s', (_, kit) => {
  test('every file and command parses', async () => {
    for (const origin of [ORIGIN, 'http://localhost:3000']) {
      const facts = factsOf(kit, [], origin);
      const commands = { name: 'commands', text: `${kit.install(facts)}\n${kit.start(facts)}` };
      for (const file of [...kit.files(facts), commands]) await parse(file);
    }
  });

  test('the variables that it reads are those that its file of variables has', () => {
    const files = kit.files(factsOf(kit));
    const given = files
      .filter(({ name }) => name.startsWith('.env'))
      .flatMap(({ text }) => text.match(/^\w+(?==)/gm) ?? []);
    const code = files.filter(({ name }) => !name.startsWith('.env'));
    const pattern = /process\.env\.(\w+)|os\.environ\["(\w+)"\]|\$([A-Z_]+)/g;
    const read = code.flatMap(({ text }) => [...text.matchAll(pattern)].map(([, a, b, c]) => a ?? b ?? c ?? ''));
    // nextjs-auth0 reads these by itself.
    const byLibrary = kit === KITS.nextjs ? given.filter((name) => name.startsWith('AUTH0_')) : [];
    expect(given.toSorted()).toEqual([...new Set([...read, ...byLibrary])].toSorted());
  });

  test('docs/compatibility/tools.md names the versions that it was run with', () => {
    const document = readFileSync(new URL('../../docs/compatibility/tools.md', import.meta.url), 'utf8');
    expect(document).toContain(kit.tried);
  });
});

describe.each(ALL.filter(([, kit]) => kit.kinds[0] !== 'non_interactive'))('addresses of %s', (_, kit) => {
  test('a new application lacks them all, and afterwards none', () => {
    const facts = factsOf(kit);
    const addresses = kit.addresses(facts);
    if (addresses === undefined) throw new Error('people come back somewhere');
    const added = findMissing({}, addresses);
    expect(added).toMatchObject({
      callbacks: [facts.callback],
      allowed_logout_urls: ['http://localhost:3000'],
      initiate_login_uri: addresses.login,
    });
    expect(findMissing(added, addresses)).toEqual({});
    expect(facts.callback).toBe(`http://localhost:3000${kit.callbackPath}`);
  });

  test('what the application has already stays, and is what the code takes', () => {
    const callbacks = ['com.example.app:/cb', `https://app.example.com${kit.callbackPath}`];
    const facts = factsOf(kit, callbacks);
    expect(facts.callback).toBe(callbacks[1]);
    const addresses = kit.addresses(facts);
    if (addresses === undefined) throw new Error('people come back somewhere');
    const before = {
      callbacks,
      allowed_logout_urls: ['https://bye.example'],
      initiate_login_uri: 'https://in.example',
    };
    expect(findMissing(before, addresses)).toMatchObject({
      allowed_logout_urls: ['https://bye.example', 'https://app.example.com'],
    });
    expect(findMissing(before, addresses)).not.toHaveProperty('callbacks');
    expect(findMissing(before, addresses)).not.toHaveProperty('initiate_login_uri');
  });

  test('no port is proposed at which the server is itself', () => {
    expect(factsOf(kit, [], 'http://localhost:3000').callback).toBe(`http://localhost:3001${kit.callbackPath}`);
  });
});

test('Next.js has a callback of its own, beside one with another path', () => {
  expect(factsOf(KITS.nextjs, ['https://app.example.com/callback']).callback).toBe(
    'https://app.example.com/auth/callback',
  );
});

test('an address or identifier with a quotation mark does not come into the code', () => {
  for (const [, kit] of ALL)
    for (const mark of [`'`, '"', '`', '$(id)', '\n', '\\', '<b>', '{{']) {
      const callbacks = [`https://app.example.com/${mark}x`];
      const audience = `https://api.example.com/${mark}x`;
      const facts = chooseFacts({ client_id: 'a', callbacks }, { kit, origin: ORIGIN, audience });
      expect(facts.callback, mark).toBe(`http://localhost:3000${kit.callbackPath}`);
      expect(facts.audience, mark).toBe('https://api.example.com/');
    }
});

test('each kind of application is offered what is for it', () => {
  expect(kitsFor('regular_web')).toEqual(['express', 'nextjs', 'python', 'any']);
  expect(kitsFor('spa')).toEqual(['react', 'any']);
  expect(kitsFor('native')).toEqual(['any']);
  expect(kitsFor('non_interactive')).toEqual(['machine']);
  expect(kitsFor(undefined)).not.toContain('machine');
});

/** Runs a program of Node with its variables from `.env`; rejects with what it complained about. */
async function runNode(folder: string, name: string): Promise<string> {
  const child = spawn(process.execPath, [`--env-file=${join(folder, '.env')}`, join(folder, name)]);
  const said = { stdout: '', stderr: '' };
  for (const channel of ['stdout', 'stderr'] as const)
    child[channel].on('data', (chunk) => {
      said[channel] += String(chunk);
    });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(said.stderr);
  return said.stdout.trim();
}

describe('on a server', () => {
  test('the values for any library are those of its discovery document; the printed program has a token', async () => {
    const instance = await startInstance();
    const folder = mkdtempSync(join(tmpdir(), 'vestibule-ready-'));
    try {
      const { origin } = instance;
      const values = Object.fromEntries(KITS.any.values(factsOf(KITS.any, [], origin)));
      const discovery = await (await fetch(String(values['Discovery document']))).json();
      expect(discovery).toMatchObject({
        issuer: values.Issuer,
        authorization_endpoint: values['Authorization endpoint'],
        token_endpoint: values['Token endpoint'],
        userinfo_endpoint: values['UserInfo endpoint'],
        jwks_uri: values['Keys (JWKS)'],
        end_session_endpoint: values['End of session endpoint'],
        id_token_signing_alg_values_supported: [values['Signature of ID tokens']],
      });
      const audience = 'https://notes.example/';
      const client = await instance.api('POST', '/clients', toNewClient('Night job', 'non_interactive'));
      const scopes = [{ value: 'read:notes', description: 'Read notes' }];
      await instance.api('POST', '/resource-servers', { name: 'Notes', identifier: audience, scopes });
      await instance.api('POST', '/client-grants', { client_id: client.client_id, audience, scope: ['read:notes'] });
      const kit = KITS.machine;
      const facts = chooseFacts({ client_id: String(client.client_id) }, { kit, origin, audience });
      for (const { name, text } of kit.files(facts))
        writeFileSync(join(folder, name), text.replace('CLIENT_SECRET=', `CLIENT_SECRET=${client.client_secret}`));
      expect(decodeJwt(await runNode(folder, 'token.mjs'))).toMatchObject({ aud: audience, scope: 'read:notes' });
      writeFileSync(join(folder, '.env'), 'CLIENT_SECRET=wrong\n');
      await expect(runNode(folder, 'token.mjs')).rejects.toThrow('access_denied: Unauthorized');
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await instance.stop();
    }
  });
});

test('a single-page application gets the host alone behind https: its client of the MFA API adds the scheme', () => {
  const [file] = KITS.react.files(factsOf(KITS.react));
  expect(file?.text).toContain('domain="login.example.com"');
  const [local] = KITS.react.files(factsOf(KITS.react, [], 'http://localhost:3000'));
  expect(local?.text).toContain('domain="http://localhost:3000"');
});
