/**
 * Attack: a domain is sold, and the organization that proved it once goes on to speak for the people of the new owner. Tried over a real
 * name server and a whole server on which no node looks at records: the login's own reads know when a proof ends.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Place } from '../support/cast.js';
import { createManualClock } from '../support/manual-clock.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import type { Person } from '../support/scripted-idp.js';
import { answerOf, useStage } from '../support/stage.js';
import { startTextNameServer, txt } from '../support/text-name-server.js';

const DOMAIN = 'shop.example';
const clock = createManualClock();
const names = await startTextNameServer();
const stage = useStage({ clock, environment: { VESTIBULE_DNS_SERVERS: names.address } });
const people: Record<string, Person> = {};
/** The TXT records of the zone. */
const zone = new Map<string, string>();
let shop: Place;

interface Domain {
  readonly id: string;
  readonly status: string;
  readonly verification_host: string;
  readonly verification_txt: string;
}

const api = <T>(...call: Parameters<typeof stage.instance.api>) => stage.instance.api<T>(...call);
const pathOf = (organization: string, id: string) => `/organizations/${organization}/discovery-domains/${id}`;
const find = (organization: string) => api<Domain>('GET', pathOf(organization, `name/${DOMAIN}`));

async function prove(organization: string, expected = 200): Promise<Domain> {
  const { id, verification_host: host, verification_txt: text } = await find(organization);
  zone.set(host.toLowerCase(), text);
  return api<Domain>('POST', `${pathOf(organization, id)}/verify`, {}, expected);
}

/** A member whose address the provider does not call verified: only the proved domain vouches for it. */
async function createMember(login: string): Promise<string> {
  const email = `${login}@${DOMAIN}`;
  people[login] = { sub: `sub-${login}`, email };
  return stage.cast.createMember(email, { organizationId: shop.id });
}
const signIn = async (login: string) =>
  stage.visitor().throughSso(login, `${login}@${DOMAIN}`, { organization: shop.id });

beforeAll(async () => {
  names.answer((name) => {
    const text = zone.get(name);
    return text === undefined ? { code: 3 } : { records: [txt(name, text)] };
  });
  shop = await stage.cast.createPlace('shop', people, { domain: DOMAIN });
  const { id } = await find(shop.id);
  await api('PATCH', pathOf(shop.id, id), { status: 'pending' });
});
afterAll(() => names.stop());

test('while the record is there: the domain vouches, and the trace says by what proof', async () => {
  expect(await prove(shop.id)).toMatchObject({ status: 'verified', proof: 'dns' });
  const userId = await createMember('dana');
  const visitor = stage.visitor();
  const { claims } = await visitor.redeem(
    await visitor.throughSso('dana', `dana@${DOMAIN}`, { organization: shop.id }),
  );
  expect(claims).toMatchObject({ sub: userId });
  const shown = {
    domain_proved_here: true,
    domain_proof: expect.objectContaining({ proof: 'dns', expires_at: expect.any(String) }),
  };
  const line = (await stage.logs()).find(({ type, user_id: id }) => type === 's' && id === userId);
  const vouched = { rule: 'address_vouched', answer: 'pass', evidence: expect.objectContaining(shown) };
  expect(line?.details.trace).toContainEqual(expect.objectContaining(vouched));
  const explained = await api<{ trace: object[] }>('POST', `/organizations/${shop.id}/explain`, {
    claims: { sub: 'sub-new', email: `new@${DOMAIN}` },
    connection_id: shop.connectionId,
  });
  expect(explained.trace).toContainEqual(expect.objectContaining(vouched));
});

test('a proof that ends while the person is at the identity provider vouches for nobody', async () => {
  await createMember('erin');
  zone.clear();
  const { expires_at: end } = (await find(shop.id)) as Domain & { expires_at: string };
  clock.advanceMs(Date.parse(end) - clock.now().getTime() - 60_000);
  // The person leaves a minute before the end, and comes back a minute after it.
  const late = stage.visitor();
  const there = await late.open({ organization: shop.id, connection: shop.connectionName });
  clock.advanceMs(120_000);
  const before = await stage.instance.snapshot();
  const answer = await late.signInAtIdp(there, 'erin');
  expect(answerOf(answer)).toMatchObject({ error: 'access_denied' });
  // Before the log is read: the token for that is a week old by now, and a new one counts a try.
  await expectNothingLeft(stage.instance, before);
  expect((await stage.refusal(answer)).details.trace).toContainEqual(
    expect.objectContaining({ rule: 'address_vouched', answer: 'refuse' }),
  );
});

test('after a week: no silent binding, no home realm, and who is bound already stays', async () => {
  expect(await find(shop.id)).toMatchObject({ status: 'pending' });
  await createMember('frank');
  const before = await stage.instance.snapshot();
  expect(answerOf(await signIn('frank'))).toMatchObject({ error: 'access_denied' });
  await expectNothingLeft(stage.instance, before);
  const visitor = stage.visitor();
  const again = await visitor.redeem(await visitor.throughSso('dana', `dana@${DOMAIN}`, { organization: shop.id }));
  expect(again.claims).toMatchObject({ org_id: shop.id });
});

test('the new owner proves it at once, and the former one has no way back', async () => {
  const rival = await api<{ id: string }>('POST', '/organizations', { name: 'rival' });
  await api('POST', `/organizations/${rival.id}/discovery-domains`, { domain: DOMAIN });
  expect(await prove(rival.id)).toMatchObject({ status: 'verified', proof: 'dns' });
  // Attack: the former owner's record is still in some copy of the zone, or comes back with an old backup.
  expect(await prove(shop.id, 409)).toMatchObject({ message: expect.stringContaining('another organization') });
  expect(await find(shop.id)).toMatchObject({ status: 'pending' });
  // Nor does its provider's own word count for the domain now.
  people.grace = { sub: 'sub-grace', email: `grace@${DOMAIN}`, email_verified: true };
  await stage.cast.createMember(`grace@${DOMAIN}`, { organizationId: shop.id });
  const before = await stage.instance.snapshot();
  const answer = await signIn('grace');
  expect(answerOf(answer)).toMatchObject({ error: 'access_denied' });
  const evidence = expect.objectContaining({ domain_proved_elsewhere: true, domain_proved_here: false });
  expect((await stage.refusal(answer)).details.trace).toContainEqual(
    expect.objectContaining({ rule: 'address_vouched', evidence }),
  );
  await expectNothingLeft(stage.instance, before);
});
