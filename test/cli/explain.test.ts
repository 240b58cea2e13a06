/**
 * `vestibule explain` against a recorded Management API: what it asks, what it prints, and how each failure of the other
 * side ends. The real server's half is test/scenarios/33.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runVestibule } from './run-vestibule.js';

interface Seen {
  readonly line: string;
  readonly body: unknown;
}

const REFUSED = {
  outcome: 'refused',
  rule: 'admit.not_a_member',
  trace: [
    { stage: 'identify', rule: 'connection_enabled', answer: 'pass', evidence: { connection: 'acme-oidc' } },
    { stage: 'resolve', rule: 'new_account', answer: 'pass', evidence: { email: 'sam@acme.example' } },
    { stage: 'admit', rule: 'not_a_member', answer: 'refuse', evidence: { name: '\u001b[2JSam\u202e' } },
  ],
};

let server: Server;
let folder: string;
let env: Record<string, string>;
let seen: Seen[];
let answers: Map<string, { status: number; body: string }>;

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vestibule-explain-'));
  await writeFile(join(folder, 'claims.json'), '{"sub":"42","email_verified":true}');
  server = createServer(async (request, response) => {
    const line = `${request.method} ${request.url}`;
    seen.push({ line, body: await readJson(request) });
    const { status, body } = answers.get(line) ?? { status: 404, body: '{"message":"nothing there"}' };
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  env = {
    VESTIBULE_URL: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    VESTIBULE_MANAGEMENT_CLIENT_ID: 'cli',
    VESTIBULE_MANAGEMENT_CLIENT_SECRET: 'hush-hush',
  };
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

function answer(line: string, body: unknown, status = 200): void {
  answers.set(line, { status, body: typeof body === 'string' ? body : JSON.stringify(body) });
}

beforeEach(() => {
  seen = [];
  answers = new Map();
  answer('POST /oauth/token', { access_token: 'token' });
  answer('GET /api/v2/organizations/name/acme', { id: 'org_1', name: 'acme', display_name: 'Acme' });
  answer('GET /api/v2/connections?name=acme-oidc', [{ id: 'con_1', name: 'acme-oidc' }]);
  answer('POST /api/v2/organizations/org_1/explain', REFUSED, 200);
});

const SAM = ['explain', 'sam@acme.example', '--organization', 'acme'];

describe('what it asks', () => {
  test('case=address alone', async () => {
    await runVestibule(SAM, env);
    expect(seen.map((request) => request.line)).toEqual([
      'POST /oauth/token',
      'GET /api/v2/organizations/name/acme',
      'POST /api/v2/organizations/org_1/explain',
    ]);
    expect(seen[0]?.body).toEqual({
      grant_type: 'client_credentials',
      client_id: 'cli',
      client_secret: 'hush-hush',
      audience: `${env.VESTIBULE_URL}/api/v2/`,
    });
    expect(seen[2]?.body).toEqual({ email: 'sam@acme.example' });
  });

  test('case=connection by name, claims from a file that leaves the address out', async () => {
    await runVestibule([...SAM, '--connection', 'acme-oidc', '--claims', join(folder, 'claims.json')], env);
    expect(seen.at(-1)?.body).toEqual({
      claims: { email: 'sam@acme.example', sub: '42', email_verified: true },
      connection_id: 'con_1',
    });
  });

  test('case=organization by id', async () => {
    answer('GET /api/v2/organizations/org_1', { id: 'org_1', name: 'acme' });
    await runVestibule(['explain', 'sam@acme.example', '--organization', 'org_1'], env);
    expect(seen[1]?.line).toBe('GET /api/v2/organizations/org_1');
  });
});

describe('what it prints', () => {
  test('case=refused: what happened first, the steps, what to do last; exit 1', async () => {
    const run = await runVestibule(SAM, env);
    const lines = run.stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('sam@acme.example would be refused by Acme (admit.not_a_member)');
    expect(lines[2]).toMatch(/^STEP {6}ANSWER {2}RULE {16}EVIDENCE$/);
    expect(lines[3]).toMatch(/^identify {2}pass {4}connection_enabled {2}connection=acme-oidc$/);
    expect(lines.slice(-2).join(' ')).toContain('POST /api/v2/organizations/org_1/invitations');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(run.code).toBe(1);
    expect(run.stderr).toBe('');
  });

  test.each([
    [
      'the command, where there is one',
      { command: "vestibule rollout move-seat 'rita@acme.example' --subject 'anew'" },
    ],
    ['the call, where there is none', {}],
  ])('case=a stranger with the address of a member: %s, after the advice and on one line', async (_name, more) => {
    const call = `POST /api/v2/users/auth0%7Crita/identities/oidc/acme%7Cold/move {"subject":"${'a'.repeat(90)}"}`;
    const remedy = { kind: 'move_seat', user_id: 'auth0|rita', call, ...more };
    answer('POST /api/v2/organizations/org_1/explain', { ...REFUSED, remedy });
    const run = await runVestibule(SAM, env);
    const lines = run.stdout.trimEnd().split('\n');
    expect(lines.at(-2)).toBe(`  ${'command' in more ? more.command : call}`);
    expect(lines.at(-3)).toContain('The address is that of auth0|rita, whose membership is bound to another subject.');
    expect(lines.at(-1)).toContain('docs/guides/recreated-account.md');
    expect(run.code).toBe(1);
  });

  test('case=a connection that a customer made: the words say what it is trusted for', async () => {
    const evidence = { domain: 'acme.example', domain_proved_here: false, connection_of_customer: true };
    const line = { stage: 'resolve', rule: 'address_vouched', answer: 'refuse', evidence };
    answer('POST /api/v2/organizations/org_1/explain', { ...REFUSED, trace: [...REFUSED.trace, line] });
    const words = (await runVestibule(SAM, env)).stdout.replace(/\s+/g, ' ');
    expect(words).toContain(
      'A customer made this connection. It is trusted only for addresses in domains that the organization proved by DNS.',
    );
    answer('POST /api/v2/organizations/org_1/explain', REFUSED);
    expect((await runVestibule(SAM, env)).stdout).not.toContain('A customer made');
  });

  test('case=a remedy with control characters does not reach the terminal as it is', async () => {
    const remedy = { user_id: 'auth0|rita', call: 'POST \u001b[2J', command: 'x \u001b[2J\ny' };
    answer('POST /api/v2/organizations/org_1/explain', { ...REFUSED, remedy });
    expect((await runVestibule(SAM, env)).stdout).not.toContain('\u001b');
  });

  test('case=control characters in evidence do not reach the terminal (escape injection)', async () => {
    const run = await runVestibule(SAM, env);
    expect(run.stdout).not.toContain('\u001b');
    expect(run.stdout).not.toContain('\u202e');
    expect(run.stdout).toContain('Sam');
  });

  test('case=admitted: exit 0 and the account', async () => {
    answer('POST /api/v2/organizations/org_1/explain', {
      outcome: 'admitted',
      rule: 'member',
      user_id: 'auth0|1',
      trace: [],
    });
    const run = await runVestibule(SAM, env);
    expect(run.stdout).toMatch(/would be admitted to Acme \(member\)\nas auth0\|1\n/);
    expect(run.code).toBe(0);
  });

  test('case=proof_required: exit 1', async () => {
    answer('POST /api/v2/organizations/org_1/explain', { outcome: 'proof_required', rule: 'resolve.proof', trace: [] });
    expect((await runVestibule(SAM, env)).code).toBe(1);
  });

  test("case=--json: the server's answer as it is, nothing else on stdout", async () => {
    const run = await runVestibule([...SAM, '--json'], env);
    expect(JSON.parse(run.stdout)).toEqual(REFUSED);
    expect(run.code).toBe(1);
  });
});

describe('when the other side fails', () => {
  const failures = [
    { name: 'credentials refused', line: 'POST /oauth/token', status: 401, code: 2, says: 'gave no token: 401' },
    { name: 'no token in the answer', line: 'POST /oauth/token', status: 200, code: 3, says: 'without a token' },
    { name: 'server error', line: 'POST /api/v2/organizations/org_1/explain', status: 503, code: 3, says: '503' },
    { name: 'rate limit', line: 'POST /api/v2/organizations/org_1/explain', status: 429, code: 3, says: '429' },
    {
      name: 'no such organization',
      line: 'GET /api/v2/organizations/name/acme',
      status: 404,
      code: 2,
      says: 'has no organization "acme"',
    },
    {
      name: 'no such connection',
      line: 'GET /api/v2/connections?name=acme-oidc',
      status: 200,
      body: '[]',
      code: 2,
      says: 'no connection named',
    },
    {
      name: 'nonsense',
      line: 'POST /api/v2/organizations/org_1/explain',
      status: 200,
      body: '<html>',
      code: 3,
      says: 'not JSON',
    },
    {
      name: 'another API',
      line: 'POST /api/v2/organizations/org_1/explain',
      status: 200,
      code: 3,
      says: 'an explanation',
    },
    { name: 'a redirect', line: 'POST /oauth/token', status: 302, code: 3, says: 'unexpected redirect' },
  ];
  test.each(failures)('case=$name ends with $code', async ({ line, status, code, says, body }) => {
    answer(line, body ?? '{}', status);
    const run = await runVestibule([...SAM, '--connection', 'acme-oidc'], env);
    expect(run.stderr).toContain(says);
    expect(run.stderr).not.toContain('hush-hush');
    expect(run.stdout).toBe('');
    expect(run.code).toBe(code);
  });

  test('case=nobody listens: exit 3, says what to look at', async () => {
    const run = await runVestibule(SAM, { ...env, VESTIBULE_URL: 'http://127.0.0.1:2' });
    expect(run.stderr).toMatch(/does not answer: .*ECONNREFUSED/);
    expect(run.stderr).toContain('Is the server running');
    expect(run.code).toBe(3);
  });
});
