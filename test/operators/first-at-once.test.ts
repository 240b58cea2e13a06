/**
 * The link of the first owner, used by two at once: one invitation is left, of the later one, and the person who accepts it is the only owner. Held open
 * on purpose, so that the two really meet.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD } from '../support/cast.js';
import { playInOrder } from '../support/held-writes.js';
import { HttpBrowser, type Visit } from '../support/http-browser.js';
import { type Instance, startInstance } from '../support/instance.js';
import { findOperators } from '../support/operators.js';

let instance: Instance;
let link: string;
beforeAll(async () => {
  instance = await startInstance();
  link = instance.server.firstOperatorLink ?? '';
});
afterAll(() => instance.stop());

interface Guest {
  readonly browser: HttpBrowser;
  readonly page: Visit;
  readonly email: string;
}

async function open(email: string): Promise<Guest> {
  const browser = new HttpBrowser('http://nowhere.example/');
  return { browser, email, page: await browser.visit(link) };
}

const ask = ({ browser, page, email }: Guest) => browser.submit(page, { username: email });
const accept = async ({ browser }: Guest, invitation: Visit) =>
  browser.submit(await browser.submit(invitation, { action: 'default' }), { password: PASSWORD });

async function addresses(text: string): Promise<readonly string[]> {
  const { organizationId } = await findOperators(instance);
  const { rows } = await instance.database.pool.query(text, [organizationId]);
  return (rows as { email: string }[]).map(({ email }) => email);
}
const invited = () =>
  addresses('select invitee_email as email from invitations where organization_id = $1 and consumed_at is null');
const members = () =>
  addresses('select u.email from members m join users u on u.user_id = m.user_id where m.organization_id = $1');

test('the invitation of the earlier one is withdrawn by the later one', async () => {
  const mallory = await open('mallory@elsewhere.example');
  const olga = await open('olga@company.example');
  const { first, second, waited } = await playInOrder(
    instance.database.pool,
    { pool: instance.server.pool, matches: /^insert into "invitations"/, run: () => ask(mallory) },
    { run: () => ask(olga) },
  );
  expect([waited, await invited()]).toEqual([true, ['olga@company.example']]);
  await accept(mallory, first).catch(() => undefined);
  expect(await members()).toEqual([]);

  // Mallory uses the link again in the moment in which Olga accepts.
  const again = await open('mallory@elsewhere.example');
  const met = await playInOrder(
    instance.database.pool,
    { pool: instance.server.pool, matches: /^with\s+connection_now/, run: () => accept(olga, second) },
    { run: () => ask(again) },
  );
  expect([met.waited, met.second.status]).toEqual([true, 410]);
  expect([await members(), await invited()]).toEqual([['olga@company.example'], []]);
});
