/**
 * An Action has sent the person elsewhere; what was proved and agreed waits in his browser. Attacks on the way back: as somebody else,
 * twice, to other code, with more than was agreed; and an Action's word used to get at an account that is not his.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bindActions, deployAction, setOrder } from '../support/actions.js';
import { CALLBACK, PASSWORD, type Visitor } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import type { HttpBrowser, Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

/** Here the browser's walk ends, as it does at the application. */
const TERMS = `${CALLBACK}-terms`;
const LIST = `exports.onExecutePostLogin = async (event, api) => {
  if (event.user.app_metadata.listed !== true) return api.access.deny('not on the list');
  api.idToken.setCustomClaim('https://list.example/listed', event.user.email);
  api.user.setAppMetadata('passed', event.user.email);
};`;
const SEND = `exports.onExecutePostLogin = async (event, api) => {
  api.redirect.sendUserTo(${JSON.stringify(TERMS)});
};
exports.onContinuePostLogin = async (event, api) => {
  if (event.request.query.terms !== 'accepted') return api.access.deny('terms not accepted');
  api.user.setAppMetadata('terms', true);
};`;

const stage = useStage();
let round = 0;
let actions: string[] = [];

beforeEach(() => {
  round += 1;
});
afterEach(async () => {
  await bindActions(stage.instance, 'post-login', []);
  for (const id of actions) await stage.instance.api('DELETE', `/actions/actions/${id}`);
  actions = [];
  await stage.enablement({ assign_membership_on_login: false });
  await setOrder(stage.instance, 'after_actions');
  await stage.instance.database.pool.query('delete from attempt_counters');
});

const api = <T = Json>(method: string, path: string, body?: unknown) => stage.instance.api<T>(method, path, body);
const userPath = (userId: string) => `/users/${encodeURIComponent(userId)}`;
const host = () => new URL(stage.instance.origin).host;

async function use(...codes: string[]): Promise<void> {
  for (const code of codes) actions.push(await deployAction(stage.instance, { name: `a${actions.length}`, code }));
  await bindActions(stage.instance, 'post-login', actions);
}

/** A member with a password; listed or not. */
async function member(name: string, listed: boolean): Promise<{ email: string; userId: string }> {
  const email = `${name}${round}@plain.example`;
  const userId = await stage.cast.createMember(email);
  await api('PATCH', userPath(userId), { app_metadata: { listed } });
  return { email, userId };
}

function employ(name: string): string {
  const key = `${name}${round}`;
  stage.cast.people[key] = { sub: `idp-${key}`, email: `${key}@acme.example`, email_verified: true };
  return key;
}

async function signedIn(email: string): Promise<Visitor> {
  const visitor = stage.visitor();
  const answer = answerOf(await visitor.withPassword(email, PASSWORD));
  expect(answer.code, JSON.stringify(answer)).toBeDefined();
  return visitor;
}

function stateOf(visit: Visit): string {
  expect(visit.url.href, wordsOf(visit)).toContain(TERMS);
  return visit.url.searchParams.get('state') ?? '';
}

function goOn(browser: HttpBrowser, state: string, more: Record<string, string> = {}): Promise<Visit> {
  return browser.visit(
    `${stage.instance.origin}/continue?${new URLSearchParams({ state, terms: 'accepted', ...more })}`,
  );
}

/** Gives a browser the session of another one. */
function plantSession(from: HttpBrowser, to: HttpBrowser): void {
  const [name, value] = [...from.cookies(host())].find(([cookie]) => cookie.endsWith('vestibule_session')) ?? ['', ''];
  expect(value).not.toBe('');
  (to.cookies(host()) as Map<string, string>).set(name, value);
}

const codeOf = async (visit: Visit) =>
  visit.status === 0 && visit.url.searchParams.has('code') ? 'admitted' : (await stage.refusal(visit)).details.code;

describe('as somebody else', () => {
  test('a session of another account at the way back: the list that was asked about one lets nobody else in', async () => {
    const listed = await member('ann', true);
    const unlisted = await member('bob', false);
    const [ann, bob] = [await signedIn(listed.email), await signedIn(unlisted.email)];
    await use(LIST, SEND);
    expect(answerOf(await bob.open()).error_description, 'Bob himself').toBe('not on the list');
    const state = stateOf(await ann.open());
    plantSession(bob.browser, ann.browser);
    const before = await stage.instance.snapshot();
    expect(await codeOf(await goOn(ann.browser, state))).toBe('commit.conflict');
    await expectNothingLeft(stage.instance, before);
    const { app_metadata: metadata } = await api('GET', userPath(unlisted.userId));
    expect(metadata, 'nothing that was asked for Ann').toEqual({ listed: false });
  });

  test('a session that was ended meanwhile proves nothing', async () => {
    const listed = await member('ann', true);
    const ann = await signedIn(listed.email);
    await use(LIST, SEND);
    const state = stateOf(await ann.open());
    await stage.instance.database.pool.query('delete from sessions where user_id = $1', [listed.userId]);
    const before = await stage.instance.snapshot();
    expect(await codeOf(await goOn(ann.browser, state))).toBe('authenticate.session_not_usable');
    await expectNothingLeft(stage.instance, before);
  });

  test('a password that was replaced meanwhile proves nothing', async () => {
    const listed = await member('ann', true);
    await use(LIST, SEND);
    const ann = stage.visitor();
    const state = stateOf(await ann.withPassword(listed.email));
    await api('PATCH', userPath(listed.userId), {
      password: 'Another-horse-8-battery',
      connection: 'Username-Password-Authentication',
    });
    const before = await stage.instance.snapshot();
    expect(await codeOf(await goOn(ann.browser, state))).toBe('authenticate.session_not_usable');
    await expectNothingLeft(stage.instance, before);
  });

  test('from another browser: the way back is worth nothing without what waits in the one that left', async () => {
    const listed = await member('ann', true);
    await use(SEND);
    const state = stateOf(await stage.visitor().withPassword(listed.email));
    const before = await stage.instance.snapshot();
    const page = await goOn(stage.visitor().browser, state);
    expect(page.status, wordsOf(page)).toBe(400);
    await expectNothingLeft(stage.instance, before);
  });

  test.each(['after_actions', 'before_actions'] as const)(
    'removed meanwhile, although a login would bring a seat (%s)',
    async (order) => {
      await stage.enablement({ assign_membership_on_login: true });
      await setOrder(stage.instance, order);
      const key = employ('cleo');
      const userId = await stage.cast.createMember(`${key}@acme.example`);
      await use(SEND);
      const cleo = stage.visitor();
      const state = stateOf(await cleo.throughSso(key, `${key}@acme.example`));
      await api('DELETE', `/organizations/${stage.cast.acme.id}/members`, { members: [userId] });
      const before = await stage.instance.snapshot();
      expect(await codeOf(await goOn(cleo.browser, state))).toBe('commit.conflict');
      await expectNothingLeft(stage.instance, before);
    },
  );
});

describe('more than once', () => {
  test('the sealed way back, kept and used again after he was let in: refused, nothing is written twice', async () => {
    const listed = await member('ann', true);
    await use(LIST, SEND);
    const ann = stage.visitor();
    const state = stateOf(await ann.withPassword(listed.email));
    const kept = ann.browser.clone();
    expect(await codeOf(await goOn(ann.browser, state))).toBe('admitted');
    const before = await stage.instance.snapshot();
    expect(await codeOf(await goOn(kept, state))).toBe('commit.replayed');
    await expectNothingLeft(stage.instance, before);
  });

  test('used again after a denial: he is asked about again, and what was agreed before does not count for more', async () => {
    const listed = await member('ann', true);
    await use(LIST, SEND);
    const ann = stage.visitor();
    const state = stateOf(await ann.withPassword(listed.email));
    const kept = ann.browser.clone();
    const before = await stage.instance.snapshot();
    for (const browser of [ann.browser, kept]) {
      const answer = answerOf(await goOn(browser, state, { terms: 'no' }));
      expect(answer.error_description).toBe('terms not accepted');
      await expectNothingLeft(stage.instance, before);
    }
  });

  test('Auth0’s order: refused again and again, he has one account, one seat and one line about it', async () => {
    await stage.enablement({ assign_membership_on_login: true });
    await setOrder(stage.instance, 'before_actions');
    const key = employ('dora');
    await use(SEND);
    const before = await stage.instance.snapshot();
    for (let login = 0; login < 3; login++) {
      const dora = stage.visitor();
      const state = stateOf(await dora.throughSso(key, `${key}@acme.example`));
      const kept = dora.browser.clone();
      for (const browser of [dora.browser, kept])
        expect(await codeOf(await goOn(browser, state, { terms: 'no' }))).toBe('act.denied');
    }
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(Object.keys(changed).sort()).toEqual(['identities', 'logs', 'members', 'user_id_prefixes', 'users']);
    for (const table of ['identities', 'members', 'users']) expect(changed[table]?.added, table).toHaveLength(1);
    expect(changed.users?.added).toMatchObject([{ logins_count: 0, app_metadata: {} }]);
    const lines = (changed.logs?.added ?? []).map((line) => (line as { type: string }).type).sort();
    expect(lines).toEqual(['f', 'f', 'f', 'f', 'f', 'f', 'organization_member_added']);
  });
});

describe('to other code', () => {
  test.each([
    [
      'the code was changed',
      async (id: string) => {
        await api('PATCH', `/actions/actions/${id}`, { code: SEND.replace("!== 'accepted'", "=== 'never'") });
        await api('POST', `/actions/actions/${id}/deploy`);
      },
    ],
    [
      'another Action was put before it',
      async (id: string) => {
        actions.push(await deployAction(stage.instance, { name: 'another', code: LIST }));
        await bindActions(stage.instance, 'post-login', [actions.at(-1) ?? '', id]);
      },
    ],
    ['it was unbound', () => bindActions(stage.instance, 'post-login', [])],
  ] as const)(
    '%s while he was away: refused, nothing is left, and the next login is asked about anew',
    async (_name, change) => {
      const listed = await member('ann', true);
      await use(SEND);
      const ann = stage.visitor();
      const state = stateOf(await ann.withPassword(listed.email));
      await change(actions[0] ?? '');
      const before = await stage.instance.snapshot();
      expect(await codeOf(await goOn(ann.browser, state))).toBe('act.failed');
      await expectNothingLeft(stage.instance, before);
    },
  );
});

describe('with more than was agreed', () => {
  test('what the request says is for the Action to read, and is nothing that anybody asked for', async () => {
    const listed = await member('ann', true);
    await use(LIST, SEND);
    const ann = stage.visitor();
    const state = stateOf(await ann.withPassword(listed.email));
    const effect = JSON.stringify([{ kind: 'app_metadata', name: 'admin', value: true }]);
    const smuggled = {
      effects: effect,
      resume: `{"effects":${effect}}`,
      action: effect,
      index: '7',
      userId: 'auth0|x',
    };
    const { claims } = await ann.redeem(await goOn(ann.browser, state, smuggled));
    expect(claims).toMatchObject({ sub: listed.userId, 'https://list.example/listed': listed.email });
    const { app_metadata: metadata } = await api('GET', userPath(listed.userId));
    expect(metadata).toEqual({ listed: true, passed: listed.email, terms: true });
  });

  test('prompt=none is not sent anywhere: interaction_required, and nothing is left', async () => {
    const listed = await member('ann', true);
    const ann = await signedIn(listed.email);
    await use(LIST, SEND);
    const before = await stage.instance.snapshot();
    expect(answerOf(await ann.open({ prompt: 'none' })).error).toBe('interaction_required');
    await expectNothingLeft(stage.instance, before);
  });

  test.each(['after_actions', 'before_actions'] as const)(
    'an Action names somebody else’s account the primary (%s): his identity does not lead there, he is not let in as him',
    async (order) => {
      const boss = await member('boss', true);
      const key = employ('eve');
      const userId = await stage.cast.createMember(`${key}@acme.example`);
      await stage.visitor().throughSso(key, `${key}@acme.example`);
      await setOrder(stage.instance, order);
      await use(`exports.onExecutePostLogin = async (event, api) => {
        api.user.setAppMetadata('mine', true);
        api.authentication.setPrimaryUser(${JSON.stringify(boss.userId)});
      };`);
      const before = await stage.instance.snapshot();
      expect(await codeOf(await stage.visitor().throughSso(key, `${key}@acme.example`))).toBe('act.primary_user');
      await expectNothingLeft(stage.instance, before);
      expect(userId).not.toBe(boss.userId);
    },
  );
});
