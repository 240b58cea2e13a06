/** The key that signs is changed by the command while a server runs: published before it signs, the old one known until its tokens end. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { pino } from 'pino';
import { beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../../src/compose/server.js';
import { parseConfig } from '../../src/config/config.js';
import { runVestibule } from '../cli/run-vestibule.js';
import { PASSWORD, Visitor } from '../support/cast.js';
import { findFreePort, type Json } from '../support/instance.js';
import { createManualClock } from '../support/manual-clock.js';
import { useStage } from '../support/stage.js';

/** An API, so that the access token is signed. It opens /userinfo as well. */
const API = 'urn:notes';
const HOUR_MS = 3_600_000;
/** Until a node reads its keys again. */
const RELOAD_MS = 61_000;

describe('beside a running server', () => {
  const clock = createManualClock();
  const stage = useStage({ clock });
  beforeAll(async () => {
    await stage.cast.createMember('dana@acme.example');
    await stage.instance.api('POST', '/resource-servers', { identifier: API });
  });

  const keys = (...args: string[]) =>
    runVestibule(['keys', ...args], {
      DATABASE_URL: stage.instance.database.url,
      VESTIBULE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    });
  const published = async () =>
    (await (await fetch(`${stage.instance.origin}/.well-known/jwks.json`)).json()) as JSONWebKeySet;
  async function signIn(): Promise<{ idToken: string; accessToken: string; kid: string | undefined }> {
    const visitor = new Visitor(stage.cast);
    const tokens = await visitor.redeem(await visitor.withPassword('dana@acme.example', PASSWORD, { audience: API }));
    return { ...tokens, kid: decodeProtectedHeader(tokens.idToken).kid };
  }
  async function userinfo(accessToken: string): Promise<number> {
    const headers = { authorization: `Bearer ${accessToken}` };
    const response = await fetch(`${stage.instance.origin}/userinfo`, { headers });
    await response.arrayBuffer();
    return response.status;
  }
  const later = () => stage.instance.database.pool.query('delete from attempt_counters');

  test('case=published at once, signs after three hours; whoever kept the key set of before verifies until then', async () => {
    const before = await signIn();
    const kept = await published();
    const made = JSON.parse((await keys('rotate', '--json')).stdout) as { made: string; signing: Json[] };
    expect(made.signing).toMatchObject([
      { kid: before.kid, state: 'signs', until: expect.any(String) },
      { kid: made.made, state: 'published', until: expect.any(String) },
    ]);
    clock.advanceMs(RELOAD_MS);
    expect((await published()).keys.map(({ kid }) => kid)).toEqual([before.kid, made.made]);
    clock.advanceMs(2 * HOUR_MS);
    const between = await signIn();
    expect(between.kid).toBe(before.kid);
    await jwtVerify(between.idToken, createLocalJWKSet(kept), { currentDate: clock.now() });
    // Kept by somebody just before it signs.
    const keptLater = await published();
    clock.advanceMs(HOUR_MS);
    const after = await signIn();
    expect(after.kid).toBe(made.made);
    await jwtVerify(after.idToken, createLocalJWKSet(keptLater), { currentDate: clock.now() });
    // Tokens that the old one signed are good until they expire.
    expect(await userinfo(between.accessToken)).toBe(200);
    await jwtVerify(between.idToken, createLocalJWKSet(await published()), { currentDate: clock.now() });
    await later();
  }, 120_000);

  test('case=a key that leaked is taken away: only when every node knows another one, and its tokens are refused', async () => {
    const leaked = await signIn();
    const made = JSON.parse((await keys('rotate', '--json')).stdout) as { made: string };
    const { database } = stage.instance;
    await database.pool.query('delete from signing_keys where kid not in ($1, $2)', [leaked.kid, made.made]);
    const early = await keys('remove', String(leaked.kid));
    expect(early.code).toBe(1);
    expect(early.stderr).toContain('wait for two minutes');
    expect((await keys('remove', 'made-up')).stderr).toContain('There is no signing key made-up');
    // Two minutes go by.
    await database.pool.query(`update signing_keys set created_at = created_at - interval '3 minutes'`);
    const removed = await keys('remove', String(leaked.kid));
    expect(removed.code, removed.stderr).toBe(0);
    clock.advanceMs(RELOAD_MS);
    expect((await signIn()).kid).toBe(made.made);
    expect(await userinfo(leaked.accessToken)).toBe(401);
  }, 120_000);
});

test('case=with the bundled database the command works beside the server, and without it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vestibule-keys-'));
  // As root the database runs under another account, and has to reach its directory.
  await chmod(folder, 0o755);
  const environment = { VESTIBULE_DATA_DIR: join(folder, 'data') };
  const list = () => runVestibule(['keys', 'list'], environment);
  try {
    const server = await startServer(parseConfig({ ...environment, PORT: String(await findFreePort()) }), {
      logger: pino({ level: 'silent' }),
    });
    const beside = await list().finally(() => server.close());
    expect(beside.code, beside.stderr).toBe(0);
    expect(beside.stdout).toMatch(/signing key +made +state\n.{22} {2}\S+ \S+ UTC {2}signs\n/);
    const alone = await list();
    expect(alone.code, alone.stderr).toBe(0);
    expect(alone.stdout).toBe(beside.stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);
