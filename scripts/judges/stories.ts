/** Stories 01-03, 05, 09, 20-22 and 34, and a sign-in that is asked for again, with Keycloak as the companies' identity provider, over either protocol. */
import assert from 'node:assert/strict';
import { proveByCode, wordsOf, wrongCode } from '../../test/support/stage.js';
import type { Checks } from './checks.js';
import { type Company, relay, signIn, throughConnection, throughSso } from './companies.js';
import { PASSWORD } from './keycloak-realm.js';
import type { Vestibule } from './vestibule.js';

type Visit = Awaited<ReturnType<typeof throughSso>>;

/** Returns the answer that the application got. Throws with the text of the page if the sign-in ended elsewhere. */
export function answerOf(visit: Visit): Readonly<Record<string, string>> {
  assert.equal(visit.status, 0, `not at the application but at ${visit.url.href}: ${wordsOf(visit).slice(0, 400)}`);
  return Object.fromEntries(visit.url.searchParams);
}

interface Ground {
  readonly vestibule: Vestibule;
  readonly company: Company;
  /** Another customer, whose identity provider asserts everything that Mallory wants. */
  readonly evil: Company;
  readonly checks: Checks;
}

interface Identity {
  readonly user_id: string;
  readonly connection: string;
}

async function newcomers({ vestibule, company, checks }: Ground): Promise<void> {
  const { api } = vestibule;
  const address = (name: string) => `${name}@${company.domain}`;
  const accept = async (name: string) => {
    const visitor = vestibule.visitor(company.id);
    const invitation = await vestibule.invite(company, address(name));
    return visitor.redeem(await signIn(visitor, await visitor.accept(invitation), name));
  };
  await checks.play('01 an invited newcomer is in, with the role of the invitation', async () => {
    const { claims } = await accept('ivy');
    assert.equal(claims.org_id, company.id);
    assert.equal(claims.email, address('ivy'));
    const roles = await api<Identity[]>('GET', `/organizations/${company.id}/members/${claims.sub}/roles`);
    assert.equal(roles.length, 1);
    const user = await api<{ identities: Identity[] }>('GET', `/users/${claims.sub}`);
    assert.deepEqual(
      user.identities.map(({ connection }) => connection),
      [company.connectionName],
    );
    const waiting = await api<Identity[]>('GET', `/organizations/${company.id}/invitations`);
    assert.deepEqual(waiting, []);
  });
  await checks.play('03 a stranger is refused, and nothing is left', async () => {
    const before = await vestibule.snapshot();
    const answer = answerOf(await throughSso(vestibule.visitor(company.id), company, 'sam'));
    assert.equal(answer.error, 'access_denied');
    await vestibule.expectNothingLeft(before);
  });
  await checks.play('05 the refused stranger is invited and is in', async () => {
    const { claims } = await accept('sam');
    assert.equal(claims.org_id, company.id);
  });
}

async function members({ vestibule, company, checks }: Ground): Promise<void> {
  const { api } = vestibule;
  const address = `dana@${company.domain}`;
  const dana = await vestibule.createUser(address, [company.id]);
  const read = () => api<{ identities: Identity[] }>('GET', `/users/${dana}`);
  await checks.play('02 a member with a password is led there and is who they were', async () => {
    const visitor = vestibule.visitor(company.id);
    const { claims } = await visitor.redeem(await throughSso(visitor, company, 'dana'));
    assert.equal(claims.sub, dana);
    assert.equal((await read()).identities.length, 2);
  });
  await checks.play('02 they come again as the same account, and their password still works', async () => {
    const visitor = vestibule.visitor(company.id);
    assert.equal((await visitor.redeem(await throughSso(visitor, company, 'dana'))).claims.sub, dana);
    assert.equal((await read()).identities.length, 2);
    const own = vestibule.visitor(company.id);
    assert.equal((await own.redeem(await own.withPassword(address, PASSWORD))).claims.sub, dana);
  });
  await checks.play(
    '09 a member whose address nobody verified is asked for a proof, and then is who they were',
    async () => {
      const fields = {
        connection: 'Username-Password-Authentication',
        email: `uma@${company.domain}`,
        password: PASSWORD,
      };
      const { user_id } = await api<Identity>('POST', '/users', { ...fields, email_verified: false });
      await api('POST', `/organizations/${company.id}/members`, { members: [user_id] });
      const before = await vestibule.snapshot();
      const visitor = vestibule.visitor(company.id);
      const page = await throughSso(visitor, company, 'uma');
      assert.equal(page.url.pathname, '/u/proof');
      await vestibule.expectNothingLeft(before, 'secret');
      const code = await vestibule.mailedCode(`uma@${company.domain}`);
      assert.equal((await visitor.redeem(await proveByCode(visitor, page, code))).claims.sub, user_id);
    },
  );
  await checks.play('34 another address at the provider: the same account', async () => {
    const [{ id } = { id: '' }] = await company.realm.admin<{ id: string }[]>('GET', '/users?username=dana&exact=true');
    await company.realm.changePerson(id, { email: `dana.new@${company.domain}` });
    const visitor = vestibule.visitor(company.id);
    const { claims } = await visitor.redeem(await throughConnection(visitor, company, 'dana'));
    assert.equal(claims.sub, dana);
    await company.realm.changePerson(id, { email: address });
  });
  await checks.play('22 a session of the company opens no other organization of theirs', async () => {
    const beta = await api('POST', '/organizations', {
      name: `beta-${company.protocol}`,
      enabled_connections: [{ connection_id: vestibule.databaseId, assign_membership_on_login: false }],
    });
    await api('POST', `/organizations/${beta.id}/members`, { members: [dana] });
    const visitor = vestibule.visitor(company.id);
    await visitor.redeem(await throughSso(visitor, company, 'dana'));
    const elsewhere = await visitor.open({ organization: String(beta.id), prompt: 'none' });
    assert.equal(answerOf(elsewhere).error, 'login_required');
    assert.equal(typeof answerOf(await visitor.open({ prompt: 'none' })).code, 'string');
  });
}

async function mallory({ vestibule, company, evil, checks }: Ground): Promise<void> {
  for (const [name, of] of [
    ['dana', 'a member elsewhere'],
    ['nobody', 'nobody'],
  ] as const) {
    await checks.play(
      `20 another customer's provider asserts the address of ${of}: refused, nothing is left`,
      async () => {
        const before = await vestibule.snapshot();
        const answer = answerOf(await throughConnection(vestibule.visitor(evil.id), evil, name));
        assert.equal(answer.error, 'access_denied');
        await vestibule.expectNothingLeft(before);
      },
    );
  }
  await checks.play('21 their invitation opens nobody’s account without a proof of its own', async () => {
    const invitation = await vestibule.invite(evil, `dana@${company.domain}`);
    const before = await vestibule.snapshot();
    const visitor = vestibule.visitor(evil.id);
    const page = await signIn(visitor, await visitor.accept(invitation), 'dana');
    assert.equal(page.url.pathname, '/u/proof');
    const guessed = await proveByCode(visitor, page, wrongCode(await vestibule.mailedCode(`dana@${company.domain}`)));
    assert.equal(guessed.url.searchParams.get('code'), null);
    await vestibule.expectNothingLeft(before, 'secret');
  });
}

async function anew({ vestibule, company, checks }: Ground): Promise<void> {
  await checks.play('prompt=login: Keycloak asks for the password again, although it knows the browser', async () => {
    const visitor = vestibule.visitor(company.id);
    await visitor.redeem(await throughConnection(visitor, company, 'dana'));
    const asked = await visitor.open({ connection: company.connectionName, prompt: 'login' });
    const shown = await relay(visitor, asked);
    assert.match(shown.url.href, /\/realms\//);
    const answer = await relay(visitor, await visitor.browser.submit(shown, { password: PASSWORD }));
    assert.equal(typeof answerOf(answer).code, 'string');
  });
}

/** Creates the people and plays all stories. */
export async function playStories(ground: Ground): Promise<void> {
  const { company, evil } = ground;
  for (const name of ['ivy', 'sam', 'dana']) await company.realm.addPerson(name, `${name}@${company.domain}`);
  await company.realm.addPerson('uma', `uma@${company.domain}`, false);
  for (const name of ['dana', 'nobody']) await evil.realm.addPerson(name, `${name}@${company.domain}`);
  await newcomers(ground);
  await members(ground);
  await mallory(ground);
  await anew(ground);
}
