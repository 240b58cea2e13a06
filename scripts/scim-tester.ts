/**
 * `npx tsx scripts/scim-tester.ts [PYTHON]`: starts a server, turns SCIM on for a connection, and runs scim2-tester, a
 * checker that others wrote, against it. PYTHON needs `scim2-tester` and `scim2-client[httpx2]`; the default is
 * `python3`. Not part of `npm test`, because it needs packages from PyPI. Leaves nothing.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { findFreePort } from '../bench/processes.js';
import { startServer } from '../src/compose/server.js';
import { parseConfig } from '../src/config/config.js';

const MACHINE = { client_id: 'scim-tester', client_secret: 'scim-tester-secret-of-a-local-run' };
const ISSUER = 'https://idp.example';
const SCOPES = ['get', 'post', 'put', 'patch', 'delete'].flatMap((method) => [`${method}:users`, `${method}:groups`]);

type Json = Record<string, string>;

async function post(url: string, body: object, token?: string): Promise<Json> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${url}: ${response.status} ${text}`);
  return JSON.parse(text) as Json;
}

/** Turns SCIM on. Returns the address of the connection's endpoint and a token for it. */
async function turnOn(origin: string): Promise<{ url: string; token: string }> {
  const grant = { grant_type: 'client_credentials', audience: `${origin}/api/v2/`, ...MACHINE };
  const { access_token: access } = await post(`${origin}/oauth/token`, grant);
  const options = {
    type: 'back_channel',
    issuer: ISSUER,
    authorization_endpoint: `${ISSUER}/authorize`,
    token_endpoint: `${ISSUER}/token`,
    jwks_uri: `${ISSUER}/jwks`,
    client_id: 'client',
    client_secret: 'secret',
  };
  const connection = await post(`${origin}/api/v2/connections`, { name: 'checked', strategy: 'oidc', options }, access);
  const path = `${origin}/api/v2/connections/${connection.id}/scim-configuration`;
  // The checker sends no external id, so `userName` identifies people.
  await post(path, { user_id_attribute: 'userName' }, access);
  const { token = '' } = await post(`${path}/tokens`, { scopes: SCOPES }, access);
  return { url: `${origin}/scim/v2/connections/${connection.id}`, token };
}

const work = mkdtempSync(join(tmpdir(), 'vestibule-scim-'));
const config = parseConfig({
  PORT: String(await findFreePort()),
  VESTIBULE_DATA_DIR: join(work, 'data'),
  VESTIBULE_MANAGEMENT_CLIENT_ID: MACHINE.client_id,
  VESTIBULE_MANAGEMENT_CLIENT_SECRET: MACHINE.client_secret,
  VESTIBULE_LOG_LEVEL: 'error',
});
const server = await startServer(config, { logger: pino({ level: config.logLevel }) });
try {
  const { url, token } = await turnOn(server.origin);
  const child = spawn(process.argv[2] ?? 'python3', ['scripts/scim2-tester.py', url, token], { stdio: 'inherit' });
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
} finally {
  await server.close();
  rmSync(work, { recursive: true, force: true });
}
