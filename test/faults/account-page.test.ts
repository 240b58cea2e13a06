/**
 * A fault at every storage call of each change by which people look after their own account, on the page /account, at the My
 * Account API and at /mfa/associate: nothing is changed or all of it, with its lines and its mail, and the answer tells which.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { idsOf, openAccount, post, press, secretOf, totpOf } from '../support/account-page.js';
import { PASSWORD, type Visitor } from '../support/cast.js';
import {
  type Answer,
  CHANGE_FAULTS,
  type Change,
  failEveryCall,
  toAnswer,
  withoutRedirects,
} from '../support/change-faults.js';
import { type ChangingPerson, changingPeople } from '../support/changing-people.js';
import { type FaultMode, type FaultyPool, makeFaulty } from '../support/faulty-pool.js';
import type { Visit } from '../support/http-browser.js';
import { createManualClock } from '../support/manual-clock.js';
import { ME_SCOPES, METHODS_PATH, me, meAudience, methodPath, registerMyAccount } from '../support/my-account.js';
import { shareOf } from '../support/share.js';
import { useStage } from '../support/stage.js';

const GRANT = 'http://auth0.com/oauth/grant-type/mfa-otp';
const NEW_PASSWORD = 'tulip anchor violet 9 Orbit';

const clock = createManualClock();
const stage = useStage({ clock });
const people = changingPeople(stage, () => clock.now().getTime());
let faults: FaultyPool;
beforeAll(async () => {
  await registerMyAccount(stage);
  await people.settings.sql('update clients set grant_types = array_append(grant_types, $1)', [GRANT]);
  faults = makeFaulty(stage.instance.server.pool);
});

/** Opens the page. Returns the press of a button there. */
async function pressing({ visitor }: ChangingPerson, actionOf: (page: Visit) => string) {
  const page = await openAccount(visitor);
  const action = actionOf(page);
  const browser = withoutRedirects(visitor.browser);
  return async (): Promise<Answer> => toAnswer(await post(browser, page, { action }));
}

type Fields = Record<string, string>;

function submitting({ browser }: Visitor, form: Visit, fields: () => Fields) {
  const copy = withoutRedirects(browser);
  return async (): Promise<Answer> => toAnswer(await copy.submit(form, fields()));
}

/** Begins an enrolment by a button. Returns the answer of its form. */
async function enrolling({ visitor }: ChangingPerson, action: string, answerOf: (form: Visit) => Fields) {
  const form = await press(visitor.browser, await openAccount(visitor), action);
  return submitting(visitor, form, () => answerOf(form));
}

const codeOf = (form: Visit) => ({ code: totpOf(secretOf(form), clock.now()) });

const FIRST_APP: Change = {
  name: 'a first app, with its recovery code',
  leaves: ['factors', 'logs', 'mail', 'users'],
  arrange: async (key) => enrolling(await people.signIn(key), 'add:otp', codeOf),
};

const FACTORS: readonly Change[] = [
  FIRST_APP,
  {
    name: 'an app in place of another',
    leaves: ['factors', 'logs', 'mail', 'users'],
    async arrange(key) {
      const person = await people.signIn(key, { with: 'app' });
      return enrolling(person, `replace:${await people.idOf(person, 'otp')}`, codeOf);
    },
  },
  {
    name: 'the removal of the app, and of the recovery code with it',
    leaves: ['factors', 'logs', 'mail', 'users'],
    async arrange(key) {
      const person = await people.signIn(key, { with: 'app' });
      const id = await people.idOf(person, 'otp');
      return pressing(person, () => `remove:${id}`);
    },
  },
  {
    name: 'a new recovery code',
    leaves: ['factors', 'logs', 'mail', 'users'],
    arrange: async (key) => pressing(await people.signIn(key, { with: 'app' }), () => 'recovery'),
  },
];

const ADDRESSES: readonly Change[] = [
  {
    name: 'a further address',
    leaves: ['factors', 'logs', 'mail', 'users'],
    async arrange(key) {
      const { visitor } = await people.signIn(key, { with: 'app' });
      const page = await press(visitor.browser, await openAccount(visitor), 'add-address');
      const form = await visitor.browser.submit(page, { email: `${key}@private.example` });
      const code = await people.codeTo(`${key}@private.example`);
      return submitting(visitor, form, () => ({ code }));
    },
  },
];

/** Signs a person in at three browsers. Returns them at the first. */
async function atThreeBrowsers(key: string) {
  const person = await people.signIn(key);
  for (const visitor of [stage.visitor(), stage.visitor()])
    await visitor.redeem(await visitor.withPassword(person.email));
  return person;
}

const SESSIONS: readonly Change[] = [
  {
    name: 'the end of all other sessions',
    leaves: ['logs', 'refresh_tokens', 'sessions'],
    arrange: async (key) => pressing(await atThreeBrowsers(key), () => 'end-others'),
  },
  {
    name: 'the end of another session',
    leaves: ['logs', 'refresh_tokens', 'sessions'],
    arrange: async (key) => pressing(await atThreeBrowsers(key), (page) => `end:${idsOf(page, 'end')[1]}`),
  },
  {
    name: 'the end of the session of this browser',
    leaves: ['logs', 'refresh_tokens', 'sessions'],
    arrange: async (key) => pressing(await atThreeBrowsers(key), (page) => `end:${idsOf(page, 'end')[0]}`),
  },
];

const PASSWORDS: readonly Change[] = [
  {
    name: 'a new password by the old one, which ends all other access',
    leaves: ['logs', 'mail', 'password_credentials', 'refresh_tokens', 'sessions'],
    async arrange(key) {
      const { visitor } = await atThreeBrowsers(key);
      const form = await press(visitor.browser, await openAccount(visitor), 'change-password');
      return submitting(visitor, form, () => ({ old: PASSWORD, password: NEW_PASSWORD }));
    },
  },
];

const withMe = () => ({ audience: meAudience(stage), scope: `openid ${ME_SCOPES.join(' ')}` });

/** A call of the My Account API. */
async function atMe(...call: [token: string, method: string, path: string, body: unknown]): Promise<Answer> {
  const { status, body } = await me(stage, ...call);
  return { status, told: JSON.stringify(body) };
}

const MY_ACCOUNT: readonly Change[] = [
  {
    name: 'an app by the My Account API',
    leaves: ['factors', 'logs', 'mail', 'users'],
    async arrange(key) {
      const { token } = await people.signIn(key, { parameters: withMe() });
      const { body } = await me(stage, token, 'POST', METHODS_PATH, { type: 'totp' });
      const { id, auth_session, manual_input_code: secret } = body;
      const otp_code = () => totpOf(String(secret), clock.now());
      return () => atMe(token, 'POST', `${methodPath(id)}/verify`, { auth_session, otp_code: otp_code() });
    },
  },
  {
    name: 'another name of an app',
    leaves: ['factors', 'logs'],
    async arrange(key) {
      const person = await people.signIn(key, { with: 'app', parameters: withMe() });
      const path = methodPath(await people.idOf(person, 'otp'));
      return () => atMe(person.token, 'PATCH', path, { name: 'Old phone' });
    },
  },
];

/** A call with JSON, to the endpoints for applications. */
async function send(path: string, body: object, token?: string) {
  const response = await fetch(`${stage.instance.origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  return { status: response.status, told: await response.text() };
}

const withMfa = () => ({ audience: `${stage.instance.origin}/mfa/`, scope: 'openid enroll' });
const associate = (token: string) => send('/mfa/associate', { authenticator_types: ['otp'] }, token);

const MFA: readonly Change[] = [
  {
    name: 'the start of an app by an application',
    leaves: ['factors', 'logs'],
    async arrange(key) {
      const { token } = await people.signIn(key, { parameters: withMfa() });
      return () => associate(token);
    },
  },
  {
    name: 'an app by an application',
    leaves: ['factors', 'logs', 'mail', 'users'],
    async arrange(key) {
      const { token } = await people.signIn(key, { parameters: withMfa() });
      const { secret } = JSON.parse((await associate(token)).told) as { secret: string };
      const { id: client_id, secret: client_secret } = stage.cast.client;
      const form = { grant_type: GRANT, client_id, client_secret, mfa_token: token };
      return () => send('/oauth/token', { ...form, otp: totpOf(secret, clock.now()) });
    },
  },
];

const play = async (change: Change, mode: FaultMode) => {
  const count = await failEveryCall({ instance: stage.instance, clock, faults }, change, mode);
  expect(count, 'a change reads and writes').toBeGreaterThan(2);
};

const ALL = [...MY_ACCOUNT, ...MFA, ...FACTORS, ...ADDRESSES, ...SESSIONS, ...PASSWORDS];

describe.each(shareOf(ALL))('case=$name', (change) => {
  test.each(CHANGE_FAULTS)('%s at every call', (mode) => play(change, mode), 60_000);
});

// The directory runs such a transaction again: once more, and not half of it twice.
test('case=a transaction that runs into another one, at every call', () => play(FIRST_APP, 'serialization'), 60_000);
