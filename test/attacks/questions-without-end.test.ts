/** A ticket, and a token of the Management API, let somebody have this server ask others. They may ask often, and not without end. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Administrator } from '../support/administrator.js';
import { createManualClock } from '../support/manual-clock.js';
import { type ScriptedIdp, startScriptedIdp } from '../support/scripted-idp.js';
import { useStage, wordsOf } from '../support/stage.js';
import { startTextNameServer, type TextNameServer } from '../support/text-name-server.js';

const names: TextNameServer = await startTextNameServer();
const clock = createManualClock();
const stage = useStage({ clock, environment: { VESTIBULE_DNS_SERVERS: names.address } });
let idp: ScriptedIdp;
let profile: string;

beforeAll(async () => {
  names.answer(() => ({ code: 3 }));
  idp = await startScriptedIdp({
    clock,
    people: { ann: { sub: 'ann', email: 'ann@x.example', email_verified: true } },
  });
  profile = (await stage.instance.api('POST', '/self-service-profiles', { name: 'customers' })).id as string;
});
afterAll(async () => {
  await idp?.stop();
  await names.stop();
});

async function newOrganization(name: string): Promise<string> {
  return (await stage.instance.api('POST', '/organizations', { name, display_name: name })).id as string;
}

let tickets = 0;
/** The administrator of this organization with a new ticket, at a chosen provider. */
async function newAdministrator(organization: string): Promise<Administrator> {
  tickets += 1;
  const { ticket } = await stage.instance.api('POST', `/self-service-profiles/${profile}/sso-ticket`, {
    connection_config: { name: `questions-${tickets}` },
    enabled_organizations: [{ organization_id: organization }],
  });
  const admin = new Administrator(() => stage.instance.origin);
  await admin.open(ticket as string);
  await admin.send('provider', { provider: 'oidc' });
  return admin;
}

const settings = () => ({ discovery_url: idp.issuer, client_id: idp.clientId, client_secret: idp.clientSecret });

/** How many of these were let through, and what is said to the next one. A minute passes now and then: forms have a limit by network, too. */
async function askUntilRefused(ask: () => Promise<{ status: number; words: string }>, most: number) {
  for (let asked = 0; asked <= most; asked += 1) {
    if (asked % 20 === 19) clock.advanceMs(61_000);
    const { status, words } = await ask();
    if (words.includes('too often in a short time')) return { asked, status, words };
    expect(words).not.toContain('too many tries');
  }
  return { asked: most + 1, status: 200, words: '' };
}

async function newDomain(organization: string, domain: string): Promise<string> {
  const path = `/organizations/${organization}/discovery-domains`;
  return (await stage.instance.api('POST', path, { domain, status: 'pending' })).id as string;
}

const pageOf = async (visit: Promise<{ status: number; text: string }>) => {
  const seen = await visit;
  return { status: seen.status, words: wordsOf(seen as never) };
};

describe('looks for the record of a domain', () => {
  test('of one ticket, and then of the whole organization', async () => {
    const organization = await newOrganization('domains');
    const id = await newDomain(organization, 'domains.example');
    const admin = await newAdministrator(organization);
    const check = () => pageOf(admin.send('domains', { action: `check:${id}` }));
    expect(await askUntilRefused(check, 40)).toMatchObject({ asked: 30, status: 400 });
    const path = `/organizations/${organization}/discovery-domains/${id}/verify`;
    const verify = async () => {
      const { statusCode = 200, message = '' } = await stage.instance
        .api<{ statusCode?: number; message?: string }>('POST', path)
        .catch(() => stage.instance.api<{ statusCode: number; message: string }>('POST', path, undefined, 429));
      return { status: statusCode, words: message };
    };
    expect(await askUntilRefused(verify, 200)).toMatchObject({ asked: 70, status: 429 });
    const other = await newAdministrator(organization);
    expect((await pageOf(other.send('domains', { action: `check:${id}` }))).words).toContain('too often');
    const elsewhere = await newOrganization('domains-elsewhere');
    const theirs = await newAdministrator(elsewhere);
    const own = await newDomain(elsewhere, 'elsewhere.example');
    expect((await pageOf(theirs.send('domains', { action: `check:${own}` }))).words).toContain('does not exist');
    clock.advanceMs(600_000);
    expect((await check()).words).toContain('does not exist');
  });
});

describe('requests to a provider', () => {
  test('of one ticket: settings, tries and answers to them', async () => {
    const admin = await newAdministrator(await newOrganization('tries'));
    await admin.send('connection', settings());
    await admin.tryAs('ann');
    const start = () => pageOf(admin.send('try', { action: 'start' }));
    // Three went before: the settings, a try and its answer.
    expect(await askUntilRefused(start, 60)).toMatchObject({ asked: 37, status: 400 });
    expect((await pageOf(admin.send('connection', settings()))).words).toContain('too often');
  });

  test('of one organization, whichever the ticket', async () => {
    const organization = await newOrganization('tickets');
    for (let ticket = 0; ticket < 3; ticket += 1) {
      const admin = await newAdministrator(organization);
      const save = () => pageOf(admin.send('connection', settings()));
      expect(await askUntilRefused(save, 60)).toMatchObject({ asked: 40 });
    }
    const fourth = await newAdministrator(organization);
    expect((await pageOf(fourth.send('connection', settings()))).words).toContain('too often');
  });
});
