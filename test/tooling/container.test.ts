/**
 * The image of deploy/Containerfile, run by podman as deploy/compose.yaml says: another account, a read-only root, no capability, secrets in files. It
 * serves its pages, says that it is healthy, and ends within its grace with the request that is under way answered.
 * Skipped, with the reason printed, where there is no podman or no root. Compose itself: scripts/production-rehearsal.ts.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { HttpBrowser } from '../support/http-browser.js';
import { findFreePort } from '../support/instance.js';
import { buildImage, findReason, type Podman } from '../support/podman.js';
import { PACK_MS, packOnce } from '../support/tarball.js';

const reason = findReason();
if (reason !== undefined) console.warn(`the container was not run: ${reason}`);

/** The database of the tests listens at a socket that other accounts cannot reach: here at a port of loopback. */
async function openBridge(url: string) {
  const inside = new URL(url);
  const folder = inside.searchParams.get('host');
  const server = createServer((outer) => {
    const inner = folder ? connect(`${folder}/.s.PGSQL.5432`) : connect(Number(inside.port || 5432), inside.hostname);
    outer.on('error', () => inner.destroy()).pipe(inner);
    inner.on('error', () => outer.destroy()).pipe(outer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgres://${inside.username}:${inside.password}@127.0.0.1:${port}${inside.pathname}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

describe.skipIf(reason !== undefined)('the container', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-container-'));
  let podman: Podman;
  let database: TestDatabase;
  let bridge: Awaited<ReturnType<typeof openBridge>>;
  let origin: string;

  beforeAll(async () => {
    const tarball = await packOnce();
    mkdirSync(join(folder, 'secrets'));
    database = await createTestDatabase();
    bridge = await openBridge(database.url);
    const secrets = { secret_key: randomBytes(32).toString('base64'), database_url: bridge.url };
    for (const [name, text] of Object.entries(secrets))
      writeFileSync(join(folder, 'secrets', name), text, { mode: 0o444 });
    podman = await buildImage(folder, tarball);
    origin = `http://127.0.0.1:${await findFreePort()}`;
    const bytes = await podman.run("podman image inspect localhost/vestibule --format '{{.Size}}'");
    console.info(`the image has ${Math.round(Number(bytes) / 1e6)} MB; its base here is the libraries of this machine`);
    await podman.start('boxed', join(folder, 'secrets'), {
      HOST: '127.0.0.1',
      PORT: new URL(origin).port,
      VESTIBULE_URL: origin,
      DATABASE_URL_FILE: '/run/secrets/database_url',
      VESTIBULE_SECRET_KEY_FILE: '/run/secrets/secret_key',
    });
  }, PACK_MS);
  afterAll(async () => {
    await podman?.close();
    await bridge?.close();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = (path: string) => fetch(`${origin}${path}`).catch(() => undefined);

  test('it becomes healthy with secrets in files', async () => {
    // Looks at the container, too: one that has ended says why.
    const look = async () =>
      (await ask('/health/ready'))?.ok || !(await podman.run('podman ps --quiet')) ? 'ended' : 'waits';
    await expect.poll(look, { timeout: 120_000, interval: 500 }).toBe('ended');
    if (!(await ask('/health/ready'))?.ok) throw new Error(await podman.run('podman logs --tail 20 boxed 2>&1'));
    await podman.run('podman healthcheck run boxed');
    expect(await podman.run("podman inspect boxed --format '{{.State.Health.Status}}'")).toBe('healthy');
  }, 150_000);

  /** Where an operator's sign-in to the console begins. */
  async function getAuthorizeUrl(): Promise<string> {
    const page = await (await ask('/console'))?.text();
    const facts = /\{"organizationId":[^<]*\}/.exec(page ?? '')?.[0];
    const own = JSON.parse(facts ?? 'null') as Record<'clientId' | 'organizationId' | 'audience', string>;
    const query = new URLSearchParams({
      client_id: own.clientId,
      organization: own.organizationId,
      audience: own.audience,
      response_type: 'code',
      redirect_uri: `${origin}/console`,
      scope: 'openid profile email use:roles',
      code_challenge: randomBytes(32).toString('base64url'),
      code_challenge_method: 'S256',
    });
    return `${origin}/authorize?${query}`;
  }

  test('the console and the page of the sign-in are answered', async () => {
    const page = await new HttpBrowser(`${origin}/console?`, { origin }).visit(await getAuthorizeUrl());
    expect([page.status, page.url.pathname], page.url.href).toEqual([200, expect.stringMatching(/^\/u\//)]);
    expect(page.forms[0]?.fields).toHaveProperty('username');
  });

  test('it is another account, holds no capability, and there is no path that it may write to', async () => {
    const said = await podman.run(
      `podman exec boxed sh -c 'id -u; for path in / /tmp /run /opt/vestibule /usr/local/bin; do ! touch "$path/x" 2>/dev/null || echo "writes $path"; done'`,
    );
    expect(said).toBe('10001');
    const status = await podman.run("podman exec boxed cat /proc/1/status | grep -E '^(CapEff|NoNewPrivs)'");
    expect(status.replace(/\s+/g, ' ')).toBe('CapEff: 0000000000000000 NoNewPrivs: 1');
  });

  test('the command of operators works in it', async () => {
    const said = await podman.run('podman exec boxed container-entry operator invite olga@company.example');
    expect(said).toContain(`${origin}/`);
  });

  test('SIGTERM ends it cleanly within its grace, and the request under way is answered', async () => {
    const url = await getAuthorizeUrl();
    const holder = await database.pool.connect();
    try {
      await holder.query('begin');
      await holder.query('lock table clients in access exclusive mode');
      const answer = fetch(url, { redirect: 'manual' }).then(({ status }) => status);
      const waits = async () => {
        const { rows } = await database.pool.query(
          "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        );
        return rows.length;
      };
      await expect.poll(waits, { timeout: 20_000 }).toBeGreaterThan(0);
      await podman.run('podman kill --signal TERM boxed');
      // It takes no new connection any more, and waits for the request.
      await expect.poll(async () => (await ask('/health/live')) === undefined, { timeout: 20_000 }).toBe(true);
      expect(await podman.run("podman inspect boxed --format '{{.State.Status}}'")).toBe('running');
      await holder.query('rollback');
      expect(await answer).toBe(302);
    } finally {
      await holder.query('rollback');
      holder.release();
    }
    // 137 is what a killed one would have.
    expect(await podman.run('podman wait boxed')).toBe('0');
  }, 90_000);
});
