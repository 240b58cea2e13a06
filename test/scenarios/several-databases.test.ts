/** Two databases of passwords at one organization: which one is meant is said by the request, else by the invitation. */
import { beforeAll, expect, test } from 'vitest';
import { useActions } from '../support/actions.js';
import { PASSWORD } from '../support/cast.js';
import { answerOf, useStage } from '../support/stage.js';

const SECOND = 'Zweite-Datenbank';
const SECOND_PASSWORD = 'Another-horse-8-battery';
const stage = useStage();
let secondId: string;

async function createIn(connection: string, email: string, password: string): Promise<string> {
  const user = await stage.instance.api('POST', '/users', { connection, email, password, email_verified: true });
  const members = { members: [user.user_id] };
  await stage.instance.api('POST', `/organizations/${stage.cast.acme.id}/members`, members);
  return user.user_id as string;
}

beforeAll(async () => {
  const { instance, cast } = stage;
  const second = await instance.api('POST', '/connections', { name: SECOND, strategy: 'auth0' });
  secondId = second.id as string;
  await instance.api('POST', `/organizations/${cast.acme.id}/enabled_connections`, { connection_id: secondId });
});

test('an invitation for the second database is accepted by signing up there', async () => {
  const invitation = await stage.cast.invite('nina@plain.example', { connectionId: secondId });
  const visitor = stage.visitor();
  const page = await visitor.accept(invitation);
  expect(page.url.pathname).toBe('/u/signup');
  const { claims } = await visitor.redeem(await visitor.browser.submit(page, { password: PASSWORD, name: 'Nina' }));
  const user = await stage.instance.api('GET', `/users/${encodeURIComponent(claims.sub as string)}`);
  expect(user.identities).toMatchObject([{ connection: SECOND }]);
});

test('with a ticket as the Management API shows it, after the code by mail', async () => {
  const email = 'nils@plain.example';
  const invitation = await stage.cast.invite(email, { connectionId: secondId });
  const visitor = stage.visitor();
  const page = await visitor.accept({ ...invitation, mailed: invitation.ticket });
  const proof = await visitor.browser.submit(page, { password: PASSWORD });
  const answer = await visitor.browser.submit(proof, { code: await stage.mailedCode(email), action: 'code' });
  const { claims } = await visitor.redeem(answer);
  const user = await stage.instance.api('GET', `/users/${encodeURIComponent(claims.sub as string)}`);
  expect(user.identities).toMatchObject([{ connection: SECOND }]);
});

test('asked for by name: its passwords, and nobody else’s', async () => {
  const email = 'both@plain.example';
  const first = await createIn('Username-Password-Authentication', email, PASSWORD);
  const second = await createIn(SECOND, email, SECOND_PASSWORD);
  const wrong = await stage.visitor().withPassword(email, PASSWORD, { connection: SECOND });
  expect([wrong.status, wrong.url.pathname]).toEqual([400, '/u/login/password']);
  const visitor = stage.visitor();
  const right = await visitor.redeem(await visitor.withPassword(email, SECOND_PASSWORD, { connection: SECOND }));
  expect(right.claims.sub).toBe(second);
  const other = stage.visitor();
  const named = { connection: 'Username-Password-Authentication' };
  expect((await other.redeem(await other.withPassword(email, PASSWORD, named))).claims.sub).toBe(first);
});

test('not asked for by name: whoever has a password in either of them is in', async () => {
  const email = 'second@plain.example';
  const userId = await createIn(SECOND, email, SECOND_PASSWORD);
  const explained = (question: Record<string, unknown>) =>
    stage.instance.api('POST', `/organizations/${stage.cast.acme.id}/explain`, { email, ...question });
  expect(await explained({})).toMatchObject({ outcome: 'admitted', rule: 'member', user_id: userId });
  const named = await explained({ connection_id: stage.cast.databaseId });
  expect(named).toMatchObject({ outcome: 'refused', rule: 'wrong_password' });
  const visitor = stage.visitor();
  expect((await visitor.redeem(await visitor.withPassword(email, SECOND_PASSWORD))).claims.sub).toBe(userId);
});

test('a password is asked for by mail in the database that was named', async () => {
  const email = 'forgot@plain.example';
  await createIn('Username-Password-Authentication', email, PASSWORD);
  const mails = async () => (await stage.instance.mail()).filter(({ mail }) => mail.template === 'password_reset');
  const ask = async (parameters: Record<string, string>) => {
    const visitor = stage.visitor();
    const page = await visitor.type(await visitor.open(parameters), email, 'password');
    const forgot = page.text.match(/href="([^"]*forgot-password[^"]*)"/)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const form = await visitor.browser.visit(new URL(forgot, page.url).href);
    await visitor.browser.submit(form, { username: email });
  };
  const before = (await mails()).length;
  await ask({ connection: SECOND });
  expect(await mails()).toHaveLength(before);
  await ask({ ui_locales: 'fr-CA de' });
  const sent = await mails();
  expect(sent).toHaveLength(before + 1);
  // For the words of the mail: the language that was asked for, and the facts that a tenant's own words may show.
  expect(sent.map(({ mail }) => mail.model)).toContainEqual(
    expect.objectContaining({
      wish: expect.objectContaining({ uiLocales: 'fr-CA de' }),
      facts: expect.objectContaining({ organization: expect.objectContaining({ id: stage.cast.acme.id }) }),
    }),
  );
});

test('a connection that is not enabled is no reason to take another one', async () => {
  const answer = await stage.visitor().open({ connection: 'Third' });
  expect(answerOf(answer)).toMatchObject({ error: 'access_denied' });
});

test('an Action that chose one of them for the address is obeyed, until another address is typed', async () => {
  const email = 'routed@plain.example';
  await createIn('Username-Password-Authentication', email, PASSWORD);
  const routed = await createIn(SECOND, email, SECOND_PASSWORD);
  const code = `exports.onExecutePostIdentifier = async (event, api) => {
    if (event.authentication.identifier.value === '${email}') api.authentication.setConnectionByName('${SECOND}');
  };`;
  const remove = await useActions(stage.instance, 'login-post-identifier', { name: 'route', code });
  expect((await stage.visitor().withPassword(email)).status).toBe(400);
  const visitor = stage.visitor();
  const page = await visitor.type(await visitor.open(), email);
  const answer = await visitor.browser.submit(page, { password: SECOND_PASSWORD });
  expect((await visitor.redeem(answer)).claims.sub).toBe(routed);
  await createIn('Username-Password-Authentication', 'other@plain.example', PASSWORD);
  const other = stage.visitor();
  const left = await other.type(await other.open(), email);
  const back = await other.browser.visit(left.url.href.replace('/u/login/password', '/u/login/identifier'));
  const next = await other.type(back, 'other@plain.example');
  expect((await other.browser.submit(next, { password: PASSWORD })).url.searchParams.has('code')).toBe(true);
  await remove();
});
