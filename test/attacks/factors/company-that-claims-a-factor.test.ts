/**
 * Attack: the administrator of one company lets its provider say `amr: mfa`, to get people past the second factor of another
 * organization, of the tenant or of an application. A company's word counts in its own organization, if that says so.
 */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Place } from '../../support/cast.js';
import { asksForFactor, factorSettings, STEP_UP } from '../../support/factors.js';
import type { Visit } from '../../support/http-browser.js';
import { useStage } from '../../support/stage.js';

const stage = useStage();
const settings = factorSettings(stage);
let beta: Place;
let people = 0;
let key: string;
let email: string;

beforeAll(async () => {
  beta = await stage.cast.createPlace('beta', {});
  await stage.enablement({ assign_membership_on_login: true });
});
beforeEach(async () => {
  await settings.accept({ otp: true });
  for (const id of [stage.cast.acme.id, beta.id]) await settings.requireAt('none', id);
  key = `amr${++people}`;
  email = `${key}@acme.example`;
  stage.cast.people[key] = { sub: `idp-${key}`, email, email_verified: true };
});

/** Through the company, which says this of the sign-in. */
async function come(amr: unknown, parameters: Record<string, string> = {}) {
  const visitor = stage.visitor();
  const page = await visitor.type(await visitor.open(parameters), email);
  stage.cast.idp.next({ claims: { amr } });
  return { visitor, answer: await visitor.signInAtIdp(page, key) };
}
const isIn = (page: Visit) => page.status === 0 && page.url.searchParams.has('code');

test.each([[['mfa']], [['pwd', 'otp']], [['pwd', 'hwk', 'user']]])(
  'believed with required_unless_idp: %j',
  async (amr) => {
    await settings.requireAt('required_unless_idp');
    const { visitor, answer } = await come(amr);
    const { claims } = await visitor.redeem(answer);
    expect(claims.amr, 'our own token claims no factor that we did not check').toBeUndefined();
    // The session remembers what the company said.
    expect(isIn(await visitor.open())).toBe(true);
  },
);

test.each([
  ['mfa'],
  [['pwd']],
  [['pwd', 'pwd']],
  [['otp']],
  [['pwd', 'rba']],
  [[['mfa']]],
  [{ mfa: true }],
  [undefined],
])('one method, twice the same, an unknown one, or no list of texts proves nothing: %j', async (amr) => {
  await settings.requireAt('required_unless_idp');
  expect(asksForFactor((await come(amr)).answer)).toBe(true);
});

test('not where the organization requires a factor of its own', async () => {
  await settings.requireAt('required');
  expect(asksForFactor((await come(['mfa'])).answer)).toBe(true);
});

test('not for the tenant’s policy', async () => {
  await settings.accept({ otp: true }, ['all-applications']);
  expect(asksForFactor((await come(['mfa'])).answer)).toBe(true);
});

test('not for an application that asks for a factor', async () => {
  await settings.requireAt('required_unless_idp');
  expect(asksForFactor((await come(['mfa'], STEP_UP)).answer)).toBe(true);
});

test('not in another organization, by the session that it opened', async () => {
  await settings.requireAt('required_unless_idp');
  const { visitor, answer } = await come(['mfa']);
  const { claims } = await visitor.redeem(answer);
  await stage.instance.api('POST', `/organizations/${beta.id}/members`, { members: [claims.sub] });
  await stage.instance.api('POST', `/organizations/${beta.id}/enabled_connections`, {
    connection_id: stage.cast.acme.connectionId,
  });
  await settings.requireAt('required', beta.id);
  expect(asksForFactor(await visitor.open({ organization: beta.id }))).toBe(true);
});

test('what was said in a session that asked for nothing is not believed later', async () => {
  const { visitor, answer } = await come(['mfa']);
  await visitor.redeem(answer);
  await settings.requireAt('required_unless_idp');
  expect(asksForFactor(await visitor.open())).toBe(true);
});
