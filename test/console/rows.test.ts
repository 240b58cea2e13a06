/**
 * Lists of the console in a tenant of 10,000 people: each asks for one page, shows one page, is turned over and back by the address, keeps its place
 * while a row is looked at, and finds the last row. Counts shown before an action are those of the database.
 */
import type { Browser, Locator, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, noChromium } from '../support/chromium.js';
import { type ConsoleTab, openConsole } from '../support/console.js';
import { type Instance, startInstance } from '../support/instance.js';
import { fillLargeTenant, runUnlimited } from '../support/large-tenant.js';

const SIZE = { people: 10_000, companies: 2_000 };
const TABLES: ReadonlySet<string> = new Set(
  (
    'organizations connections clients resource_servers client_grants roles connection_clients organization_connections discovery_domains ' +
    'users identities password_credentials members member_roles invitations'
  ).split(' '),
);
const MOST_AT_ONCE = 100;
/** Of one answer; a page of 50 members with their roles is the largest. */
const MOST_BYTES = 100_000;

const MORE: readonly string[] = [
  `insert into members (organization_id, user_id, via, created_at)
     select 'org_L1', 'auth0|L' || n, 'invited', now() from generate_series(1, ${SIZE.people}) n on conflict do nothing`,
  `insert into invitations (organization_id, id, ticket_hash, ticket_sealed, client_id, inviter_name, invitee_email, created_at, expires_at)
     select 'org_L1', 'inv_R' || n, sha256(('r' || n)::bytea), '', 'cli_L1', 'Olga', 'r' || n || '@large1.example',
       now() - n * interval '1 s', now() + interval '3 days' from generate_series(1, 1000) n`,
  `insert into logs (organization_id, log_id, date, type, details)
     select 'org_L1', 'rows' || lpad(n::text, 5, '0'), timestamptz '2026-01-01' + n * interval '1 s', 'f',
       jsonb_build_object('code', 'admit.not_a_member', 'reference', 'V-0000-' || lpad((n - 1)::text, 4, '0'))
     from generate_series(1, 10000) n`,
  `insert into actions (id, name, trigger, trigger_version, code, runtime, created_at, updated_at)
     select 'act_' || n, 'action-' || n, 'post-login', 'v3', '', 'node22', now(), now() from generate_series(1, 60) n`,
  `update clients set name = 'Last of all' where client_id = 'cli_L${SIZE.companies}'`,
  'vacuum analyze',
];

interface Asked {
  readonly url: URL;
  readonly bytes: number;
}

interface ShownList {
  /** The page of the console, its heading, and the address of the API that it asks. */
  readonly at: string;
  readonly heading: string;
  readonly asks: string;
  readonly rows: number;
  /** Its rows have no page of their own. */
  readonly withoutPages?: true;
}

const LISTS: Readonly<Record<string, ShownList>> = {
  people: { at: '/people', heading: 'People', asks: '/users', rows: 25 },
  organizations: { at: '/organizations', heading: 'Organizations', asks: '/organizations', rows: 50 },
  members: { at: '/organizations/org_L1', heading: 'large-1', asks: '/organizations/org_L1/people', rows: 50 },
  invitations: {
    at: '/organizations/org_L1/invitations',
    heading: 'large-1',
    asks: '/organizations/org_L1/invitations',
    rows: 50,
    withoutPages: true,
  },
  connections: { at: '/connections', heading: 'Connections', asks: '/connections', rows: 25 },
  applications: { at: '/applications', heading: 'Applications and APIs', asks: '/clients', rows: 25 },
  APIs: { at: '/applications/apis', heading: 'Applications and APIs', asks: '/resource-servers', rows: 25 },
  Actions: { at: '/actions', heading: 'Actions', asks: '/actions/actions', rows: 25 },
  log: { at: '/log', heading: 'Refusals and log', asks: '/logs', rows: 50 },
};

describe.skipIf(noChromium())('10,000 rows in Chromium', () => {
  let instance: Instance;
  let browser: Browser;
  let olga: ConsoleTab;
  beforeAll(async () => {
    [instance, browser] = await Promise.all([startInstance(), launchChromium()]);
    await instance.api('POST', '/connections', { name: 'passwords', strategy: 'auth0' });
    await fillLargeTenant(instance.database.pool, SIZE, TABLES);
    await runUnlimited(instance.database.pool, MORE);
    olga = await openConsole(instance, browser);
  });
  afterAll(async () => {
    expect(olga?.complaints).toEqual([]);
    await browser?.close();
    await instance?.stop();
  });

  const rows = () => olga.tab.getByRole('main').locator('tbody tr');
  const pager = () => olga.tab.getByRole('navigation', { name: 'Pages of the list' });
  const turn = (name: string) => pager().getByRole('button', { name });
  /** The first link of a row, or its address: not the time, which goes on. */
  const nameOf = (row: Locator) =>
    row.evaluate((one) => one.querySelector('a')?.href ?? one.querySelector('p')?.textContent);
  const onPage = (number: number) => pager().getByText(`Page ${number}`, { exact: true }).waitFor();

  /** Requests to the API that `run` leads to, each with the size of its answer in bytes. */
  async function watch(run: () => Promise<unknown>): Promise<readonly Asked[]> {
    const answers: Promise<Asked>[] = [];
    const keep = (request: Request) => {
      if (!request.url().includes('/api/v2/')) return;
      // The answer to a page that was left cannot be read any more.
      const read = async () => (await (await request.response())?.body().catch(() => undefined))?.length ?? 0;
      answers.push(read().then((bytes) => ({ url: new URL(request.url()), bytes })));
    };
    olga.tab.on('request', keep);
    await run();
    const seen = await Promise.all(answers);
    olga.tab.off('request', keep);
    return seen;
  }

  function expectOneBoundedPage(seen: readonly Asked[], { asks }: ShownList): void {
    const own = seen.filter(({ url }) => url.pathname === `/api/v2${asks}`);
    expect(own.map(({ url }) => url.search)).toEqual([expect.any(String)]);
    const most = ({ url: { searchParams } }: Asked) =>
      Number(searchParams.get('take') ?? searchParams.get('per_page') ?? 0);
    for (const one of own) {
      expect(most(one)).toBeGreaterThan(0);
      expect(one.url.searchParams.has('include_totals')).toBe(false);
    }
    for (const one of seen) {
      expect(most(one), one.url.href).toBeLessThanOrEqual(MOST_AT_ONCE);
      expect(one.bytes, one.url.href).toBeLessThan(MOST_BYTES);
    }
  }

  test.each(Object.entries(LISTS))(
    '%s: one request for one page; on, back, and in place after a row',
    async (_, list) => {
      const seen = await watch(async () => {
        await olga.open(list.at, list.heading);
        await onPage(1);
      });
      expectOneBoundedPage(seen, list);
      expect(await rows().count()).toBe(list.rows);
      const first = await nameOf(rows().first());
      const turned = await watch(async () => {
        await turn('Next page').click();
        await onPage(2);
      });
      expectOneBoundedPage(turned, list);
      expect(await rows().count()).toBe(list.rows);
      const second = await nameOf(rows().first());
      expect(second).not.toBe(first);
      expect(new URL(olga.tab.url()).searchParams.get('after')).not.toBeNull();
      if (!list.withoutPages) {
        await rows().last().getByRole('link').first().click();
        await pager().waitFor({ state: 'detached' });
        await olga.tab.goBack();
        await onPage(2);
        expect(await nameOf(rows().first())).toBe(second);
        await expect.poll(() => rows().last().isVisible()).toBe(true);
        expect(await olga.tab.evaluate(() => window.scrollY)).toBeGreaterThan(0);
      }
      await turn('Previous page').click();
      await onPage(1);
      expect(await nameOf(rows().first())).toBe(first);
      await olga.tab.goBack();
      await onPage(2);
    },
  );

  test('the way above a row leads to the page of the list where it was; a link, to the same page, which knows the first', async () => {
    await olga.open('/people', 'People');
    for (const number of [2, 3]) {
      await turn('Next page').click();
      await onPage(number);
    }
    const third = await nameOf(rows().first());
    const link = olga.tab.url();
    await rows().first().getByRole('link').first().click();
    await pager().waitFor({ state: 'detached' });
    await olga.tab.getByRole('main').getByRole('link', { name: 'People', exact: true }).click();
    await onPage(3);
    expect(await nameOf(rows().first())).toBe(third);
    const another = await olga.tab.context().newPage();
    await another.goto(link);
    await another.getByRole('button', { name: 'First page' }).click();
    await another.getByText('Page 1', { exact: true }).waitFor();
    await another.close();
    await olga.look('rows-people');
  });

  test('the log is turned over to its end: each line once, the last page says so', async () => {
    await olga.open('/log?from=2026-01-01T00:00:00.000Z&to=2026-01-01T00:03:20.000Z', 'Refusals and log');
    const read: string[] = [];
    for (let number = 1; ; number += 1) {
      await onPage(number);
      read.push(
        ...(await rows().evaluateAll((all) => all.map((row) => row.querySelector('a')?.getAttribute('href') ?? ''))),
      );
      if ((await turn('Next page').getAttribute('aria-disabled')) === 'true') break;
      await turn('Next page').click();
    }
    expect(read.length).toBe(200);
    expect(new Set(read).size).toBe(200);
  });

  test('a cursor that is none is told, with the way to the first page', async () => {
    await olga.open('/organizations?after=no-cursor', 'Organizations');
    await olga.tab.getByRole('alert').waitFor();
    await olga.look('rows-bad-cursor');
    await turn('First page').click();
    await onPage(1);
  });

  test('the last of each is found', async () => {
    await olga.open(`/people?q=${encodeURIComponent('p10000@')}`, 'People');
    await olga.tab.getByRole('link', { name: 'p10000@large1.example' }).waitFor();
    expect(await rows().count()).toBe(1);
    await olga.open('/organizations/org_L1?find=p9999@large2000.example', 'large-1');
    await olga.tab.getByRole('link', { name: 'p9999@large2000.example' }).waitFor();
    await expect.poll(() => rows().count()).toBe(1);
    await olga.open('/log?reference=V-0000-0000', /./);
    await olga.tab.waitForURL('**/log/rows00001');
  });

  /** The page, the field, the end of what is typed, the rows that it leaves, and a text in the only one. */
  const SEARCHES: readonly (readonly [at: string, heading: string, label: string, text: string, found: string])[] = [
    ['/people', 'People', 'Find people', 'p9998@', 'p9998@large1999.example'],
    ['/organizations', 'Organizations', 'Find an organization', 'LARGE-2000', 'large-2000'],
    ['/connections', 'Connections', 'Find a connection', 'Large-2000', 'large-2000'],
    ['/applications', 'Applications and APIs', 'Find an application', 'last', 'Last of all'],
    ['/organizations/org_L1/invitations', 'large-1', 'Find an invitation', 'R1000@', 'r1000@large1.example'],
    ['/invitations', 'Invitations', 'Find an invitation', 'R1000@', 'r1000@large1.example'],
  ];

  test.each(SEARCHES)(
    '%s: one is found among thousands by the beginning, with one request; back leads to all',
    async (...one) => {
      const [at, heading, label, text, found] = one;
      await olga.open(at, heading);
      await rows().first().waitFor();
      const all = await rows().count();
      await olga.tab.getByRole('textbox', { name: label }).fill(text);
      const seen = await watch(async () => {
        await olga.tab.getByRole('main').getByRole('button', { name: 'Find' }).click();
        await expect.poll(() => rows().count()).toBe(1);
        await rows().getByText(found, { exact: true }).first().waitFor();
      });
      for (const { url, bytes } of seen) {
        expect(Number(url.searchParams.get('take') ?? url.searchParams.get('per_page') ?? 0)).toBeLessThanOrEqual(
          MOST_AT_ONCE,
        );
        expect(bytes, url.href).toBeLessThan(MOST_BYTES);
      }
      await olga.tab.reload();
      await expect.poll(() => rows().count()).toBe(1);
      await olga.tab.goBack();
      await expect.poll(() => rows().count()).toBe(all);
    },
  );

  test('connections: who uses them is asked with one request for the page', async () => {
    const seen = await watch(async () => {
      await olga.open('/connections', 'Connections');
      await rows().last().getByText('large-').nth(1).waitFor();
    });
    const uses = seen.filter(({ url }) => /organizations/.test(url.pathname) && /connections/.test(url.pathname));
    expect(uses.map(({ url }) => url.pathname)).toEqual(['/api/v2/connections/organizations/find']);
  });

  test('people: the end of the first thousand of a search is told, with what to do', async () => {
    await olga.open('/people?q=p&after=%2238%22', 'People');
    await rows().first().waitFor();
    const told = olga.tab.getByText('Only the first 1,000 results are shown');
    expect(await told.count()).toBe(0);
    await turn('Next page').click();
    await told.waitFor();
    await olga.look('rows-end-of-search');
  });

  test('the counts before a deed are those of 10,000 members', async () => {
    await olga.open('/organizations/org_L1', 'large-1');
    await olga.tab.getByText('10,000 members:').waitFor();
    await olga.look('rows-members');
    await olga.open('/organizations/org_L1/settings', 'large-1');
    await olga.tab.getByRole('button', { name: 'Block organization', exact: true }).click();
    await olga.tab.getByRole('dialog').getByText('10,000 members').waitFor();
    await olga.tab.getByRole('button', { name: 'Cancel' }).click();
    await olga.open('/organizations/org_L1/connections/con_L1', 'large-1');
    await olga.tab.getByRole('combobox', { name: 'For people whose address leads to this connection' }).click();
    await olga.tab.getByRole('option', { name: /^Required/ }).click();
    await olga.tab.getByText('5 members have an address that leads to large-1').waitFor();
    await olga.look('rows-required');
    await olga.tab.getByRole('button', { name: 'Discard' }).click();
    await olga.tab.getByRole('button', { name: 'Disable connection' }).click();
    await olga.tab
      .getByRole('dialog')
      .getByText('5 members have signed in with it. 0 of them have no password')
      .waitFor();
  });
});
