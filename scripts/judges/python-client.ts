/**
 * Tests a web application in Python: Authlib signs people in, auth0-python checks tokens and calls the Management API
 * (`python-client.py`).
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CALLBACK } from '../../test/support/cast.js';
import { HttpBrowser, type Visit } from '../../test/support/http-browser.js';
import type { Ground } from './browser-ground.js';
import type { Checks } from './checks.js';
import type { Json } from './keycloak-server.js';

export interface Program {
  /** Sends a command to the program. Throws if the program ended. */
  ask<T = Json>(command: string, more?: Json): Promise<T>;
  stop(): void;
}

/** Starts a script of this folder, which answers a line of JSON with a line of JSON. */
export function startPython(python: string, script: string, settings: Json, ca: string): Program {
  const file = join(import.meta.dirname, script);
  const env = { ...process.env, SSL_CERT_FILE: ca, REQUESTS_CA_BUNDLE: ca };
  const child = spawn(python, [file, JSON.stringify(settings)], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask<T>(command: string, more: Json = {}): Promise<T> {
      child.stdin.write(`${JSON.stringify({ do: command, ...more })}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error('the program ended');
      return JSON.parse(value) as T;
    },
    stop: () => child.kill(),
  };
}

export async function signIn(url: string, email: string, login: string): Promise<Visit> {
  const browser = new HttpBrowser(CALLBACK);
  const page = await browser.visit(url);
  return browser.submit(await browser.submit(page, { username: email, action: 'default' }), { login });
}

async function createMachine({ vestibule }: Ground) {
  const fields = { app_type: 'non_interactive', grant_types: ['client_credentials'] };
  const made = await vestibule.api('POST', '/clients', { name: 'Script', ...fields });
  const scope = ['read:users', 'read:organization_members'];
  const audience = `${vestibule.origin}/api/v2/`;
  await vestibule.api('POST', '/client-grants', { client_id: made.client_id, audience, scope });
  return { id: made.client_id, secret: made.client_secret };
}

/** Runs the checks for one way in which Authlib sends the secret: in the body or in the header. */
async function playMethod(ground: Ground, checks: Checks, python: string, method: string): Promise<void> {
  const { vestibule } = ground;
  const client = await ground.register({
    name: `Python (${method})`,
    app_type: 'regular_web',
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['authorization_code', 'refresh_token'],
    callbacks: [CALLBACK],
    initiate_login_uri: 'https://127.0.0.1:9/login',
    refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0, token_lifetime: 86_400 },
  });
  const machine = await createMachine(ground);
  const domain = new URL(vestibule.origin).host;
  const settings = { domain, client, machine, callback: CALLBACK, method };
  const program = startPython(python, 'python-client.py', settings, ground.certificate.ca);
  try {
    await playProgram(ground, checks, program, method);
  } finally {
    program.stop();
  }
}

async function playProgram(ground: Ground, checks: Checks, program: Program, method: string): Promise<void> {
  const { place, vestibule } = ground;
  const login = `dana-${method}`;
  const email = ground.addPerson(login);
  const id = await vestibule.createUser(email, [place.id]);
  const stranger = ground.addPerson('sam');
  const comeBack = async (who: string, name: string) => {
    const { url } = await program.ask<{ url: string }>('authorize', { organization: place.id });
    return program.ask('redeem', { url: (await signIn(url, who, name)).url.href });
  };
  await checks.play(`${method}: a member comes in; auth0-python takes the ID token for the organization`, async () => {
    const { claims, userinfo, ...wrong } = await comeBack(email, login);
    assert.deepEqual(wrong, {});
    assert.equal((claims as Json).sub, id);
    assert.equal((userinfo as Json).email, email);
  });
  await checks.play(
    `${method}: Authlib and auth0-python refresh, the token rotates, a spent one is refused`,
    async () => {
      const { claims, different, spent, ...wrong } = await program.ask('refresh');
      assert.deepEqual(wrong, {});
      assert.equal((claims as Json).org_id, place.id);
      assert.deepEqual(different, [3, 3]);
      assert.deepEqual(spent, { status: 403, error: 'invalid_grant' });
    },
  );
  await checks.play(`${method}: a stranger is an OAuthError with the description`, async () => {
    const { error, description } = await comeBack(stranger, 'sam');
    assert.equal(error, 'access_denied', String(description));
    assert.match(String(description), /is not part of the org_\w+ organization/);
  });
  await checks.play(`${method}: auth0-python finds people, reads all pages of a list and the members`, async () => {
    const { found, one, all, members, ...wrong } = await program.ask('management', { email, organization: place.id });
    assert.deepEqual(wrong, {});
    assert.deepEqual(found, [email]);
    assert.equal(one, id);
    const { length: total } = await vestibule.api<unknown[]>('GET', '/users');
    assert.equal(new Set(all as string[]).size, total);
    assert.ok((members as string[]).includes(id));
  });
}

/** Runs all checks with this Python, which has the packages. */
export async function playPython(ground: Ground, checks: Checks, python: string): Promise<void> {
  for (const method of ['client_secret_post', 'client_secret_basic']) await playMethod(ground, checks, python, method);
}
