/**
 * Story 32 for every refusal that there is: the log has one line with its code, the number that the person was shown, the stage, the
 * rule and the evidence, and no secret of anybody. Refusals by Actions (act.*) have tests of their own, with Actions.
 */
import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { REFUSALS, type RefusalCode } from '../../src/login/refusals.js';
import { useActions } from '../support/actions.js';
import { postTo } from '../support/attack-steps.js';
import { PASSWORD, type Place, type Visitor } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { proveByCode, useStage, wrongCode } from '../support/stage.js';

const WRONG_PASSWORD = 'A-wrong-secret-7';
const stage = useStage();
let beta: Place;
let people = 0;

beforeAll(async () => {
  beta = await stage.cast.createPlace('beta', {});
  await stage.cast.createMember('dana@acme.example');
  await stage.cast.createMember('olga@plain.example');
});
beforeEach(() => stage.instance.database.pool.query('delete from attempt_counters'));

const api = (method: string, path: string, body?: unknown) => stage.instance.api(method, path, body);
const acme = () => `/organizations/${stage.cast.acme.id}`;

/** Changes something for the time of `work`. */
async function during(path: string, changes: Json, back: Json, work: () => Promise<unknown>): Promise<void> {
  await api('PATCH', path, changes);
  await work().finally(() => api('PATCH', path, back));
}
const withClient = (changes: Json, work: () => Promise<unknown>) =>
  during(`/clients/${stage.cast.client.id}`, changes, { organization_usage: 'require' }, work);

/** Somebody new at Acme's IdP. */
function newPerson() {
  const key = `r${++people}`;
  const email = `${key}@acme.example`;
  stage.cast.people[key] = { sub: `idp-${key}`, email, email_verified: true };
  return { key, email, visitor: stage.visitor() };
}

async function atTheIdp(): Promise<{ key: string; email: string; visitor: Visitor; page: Visit }> {
  const person = newPerson();
  await stage.cast.createMember(person.email);
  return { ...person, page: await person.visitor.type(await person.visitor.open(), person.email) };
}

async function afterLie(lie: Parameters<typeof stage.cast.idp.next>[0]): Promise<void> {
  const { key, visitor, page } = await atTheIdp();
  stage.cast.idp.next(lie);
  await visitor.signInAtIdp(page, key);
}

/** How a refusal comes about. A list that comes of it holds secrets of that login, besides those that all have. */
type Producer = () => Promise<unknown>;
const producers: Readonly<Partial<Record<RefusalCode, Producer>>> = {
  'identify.unknown_client': () => stage.visitor().open({ client_id: 'nobody' }),
  'identify.invalid_request': () => stage.visitor().open({ prompt: 'nonsense' }),
  'identify.callback_mismatch': () => stage.visitor().open({ redirect_uri: 'https://evil.example/callback' }),
  'identify.unknown_audience': () => stage.visitor().open({ audience: 'https://nosuch.example' }),
  'identify.organization_required': () => stage.visitor().open({ organization: '' }),
  'identify.organization_name': async () => {
    const names = (allowed: boolean) => ({ allow_organization_name_in_authentication_api: allowed });
    await during('/tenants/settings', names(true), names(false), () => stage.visitor().open({ organization: 'A & B' }));
  },
  'identify.organization_not_chosen': async () => {
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword('olga@plain.example'));
    await during(
      `/clients/${stage.cast.client.id}`,
      { organization_require_behavior: 'pre_login_prompt' },
      { organization_require_behavior: 'no_prompt' },
      () => visitor.open({ organization: '', prompt: 'none' }),
    );
  },
  'identify.organization_not_allowed': () => withClient({ organization_usage: 'deny' }, () => stage.visitor().open()),
  'identify.organization_not_an_id': () => stage.visitor().open({ organization: 'acme' }),
  'identify.unknown_organization': () => stage.visitor().open({ organization: 'org_0000000000000000' }),
  'identify.organization_blocked': () =>
    during(acme(), { blocked: true }, { blocked: false }, () => stage.visitor().open()),
  'identify.invitation_not_found': async () => {
    const invitation = await stage.cast.invite('nobody@acme.example');
    await api('DELETE', `${acme()}/invitations/${invitation.id}`);
    await stage.visitor().open({ invitation: invitation.mailed });
    return [invitation.ticket, invitation.mailed];
  },
  'identify.no_connections': async () => {
    const empty = await api('POST', '/organizations', { name: 'empty' });
    await stage.visitor().open({ organization: String(empty.id) });
  },
  'identify.no_visible_connections': async () => {
    const place = await stage.cast.createPlace('hidden', {});
    await api('DELETE', `/organizations/${place.id}/enabled_connections/${stage.cast.databaseId}`);
    await stage.enablement({ show_as_button: false }, place.id, place.connectionId);
    await stage.visitor().open({ organization: place.id });
  },
  'identify.connection_not_enabled': () => stage.visitor().open({ connection: beta.connectionName }),
  'identify.connection_changed': async () => {
    const { key, visitor, page } = await atTheIdp();
    await stage.enablement({ link_existing_members: 'never' });
    await stage.enablement({ link_existing_members: 'verified_email' });
    await visitor.signInAtIdp(page, key);
  },
  'identify.request_too_large': async () => {
    const secret = randomBytes(30).toString('base64url');
    const code = `exports.onExecutePostLogin = async (event, api) => {
      const random = () => require('node:crypto').randomBytes(750).toString('base64url');
      for (let part = 0; part < 20; part++) api.user.setAppMetadata('part' + part, event.secrets.mine + random());
      api.redirect.sendUserTo('https://terms.example/');
    };`;
    const remove = await useActions(stage.instance, 'post-login', { name: 'keeper', code, secrets: { mine: secret } });
    await stage.visitor().withPassword('dana@acme.example');
    await remove();
    return [secret];
  },
  'authenticate.unknown_transaction': async () => {
    const secrets = ['Q0dFQ0dFQ0dFQ0dF', 'a-code-of-the-idp-that-is-secret'];
    const query = new URLSearchParams({ state: `${secrets[0]}.x`, code: secrets[1] ?? '' });
    await stage.visitor().browser.visit(`${stage.instance.origin}/login/callback?${query}`);
    return secrets;
  },
  'authenticate.ticket_not_usable': async () => {
    const ticket = 'QWxsb3dlZC1mb3Itbm9ib2R5';
    await stage.visitor().browser.visit(`${stage.instance.origin}/u/reset-password?ticket=${ticket}`);
    return [ticket];
  },
  'authenticate.idp_denied': () => afterLie({ callback: { error: 'access_denied', code: undefined } }),
  'authenticate.idp_unreachable': () => afterLie({ token: 'status-500' }),
  'authenticate.idp_keys': async () => {
    const people = { kim: { sub: 'idp-kim', email: 'kim@keyless.example', email_verified: true } };
    const place = await stage.cast.createPlace('keyless', people);
    place.idp.next({ jwks: { json: { keys: [] } } });
    const visitor = stage.visitor();
    const page = await visitor.open({ organization: place.id, connection: place.connectionName });
    await visitor.signInAtIdp(page, 'kim');
  },
  'authenticate.idp_invalid': async () => {
    await afterLie({ claims: { nonce: 'the-nonce-of-another-login' } });
    return ['the-nonce-of-another-login'];
  },
  'authenticate.sign_in_too_old': async () => {
    const { key, email, visitor } = newPerson();
    const page = await visitor.type(await visitor.open({ prompt: 'login' }), email);
    stage.cast.idp.next({ claims: { auth_time: 1 } });
    await visitor.signInAtIdp(page, key);
  },
  'authenticate.wrong_password': () => stage.visitor().withPassword('olga@plain.example', WRONG_PASSWORD),
  'authenticate.too_many_attempts': async () => {
    for (let tries = 0; tries < 11; tries++)
      await stage.visitor().withPassword('olga@plain.example', tries < 10 ? WRONG_PASSWORD : PASSWORD);
  },
  'authenticate.session_not_usable': () => stage.visitor().open({ prompt: 'none' }),
  'authenticate.sign_up_not_allowed': async () => {
    const visitor = stage.visitor();
    const fields = { username: 'new@plain.example', password: PASSWORD };
    await postTo(visitor, await visitor.open(), '/u/signup', fields);
  },
  'authenticate.proof_failed': async () => {
    const { key, email, visitor } = newPerson();
    await stage.cast.createMember(email, { verified: false });
    let page = await visitor.throughSso(key, email);
    const code = await stage.mailedCode(email);
    for (let tries = 0; tries < 5; tries++) page = await proveByCode(visitor, page, wrongCode(code));
    return [`"${code}"`, `"${wrongCode(code)}"`];
  },
  'resolve.ambiguous_account': async () => {
    const { key, email, visitor } = newPerson();
    const second = await api('POST', '/connections', {
      name: 'Second-Database',
      strategy: 'auth0',
      enabled_clients: [stage.cast.client.id, 'm2m'],
    });
    for (const connection of ['Username-Password-Authentication', second.name]) {
      const user = await api('POST', '/users', { connection, email, password: PASSWORD, email_verified: true });
      await api('POST', `${acme()}/members`, { members: [user.user_id] });
    }
    await visitor.throughSso(key, email);
  },
  'admit.organization_needed': () =>
    withClient({ organization_usage: 'allow' }, async () => {
      const path = `/connections/${stage.cast.acme.connectionId}/clients`;
      await api('PATCH', path, [{ client_id: stage.cast.client.id, status: true }]);
      const { key, visitor } = newPerson();
      const page = await visitor.open({ organization: '', connection: stage.cast.acme.connectionName });
      await visitor.signInAtIdp(page, key);
    }),
  'admit.not_own_connection': () =>
    withClient({ organization_usage: 'allow' }, async () => {
      const visitor = stage.visitor();
      const email = 'alone@plain.example';
      const person = { alone: { sub: 'alone-1', email, email_verified: true } };
      const { connectionId, connectionName, id } = await stage.cast.createPlace('alone', person);
      await api('DELETE', `/organizations/${id}/enabled_connections/${connectionId}`);
      await api('PATCH', `/connections/${connectionId}/clients`, [{ client_id: stage.cast.client.id, status: true }]);
      const userId = await stage.cast.createMember(email);
      const identity = { provider: 'oidc', connection_id: connectionId, user_id: 'alone-1' };
      await api('POST', `/users/${encodeURIComponent(userId)}/identities`, identity);
      await visitor.signInAtIdp(await visitor.open({ organization: '', connection: connectionName }), 'alone');
    }),
  'admit.invitation_needs_company': async () => {
    const { visitor, email } = newPerson();
    const invitation = await stage.cast.invite(email, { connectionId: stage.cast.databaseId });
    await stage.enablement({ sso_rollout: 'required' });
    await visitor.accept(invitation);
    await stage.enablement({ sso_rollout: 'optional' });
    return [invitation.ticket, invitation.mailed];
  },
  'resolve.no_account': async () => {
    const { key, email, visitor } = newPerson();
    const path = `/connections/${stage.cast.acme.connectionId}`;
    const { options } = await api('GET', path);
    const changed = { ...(options as Json), set_user_root_attributes: 'never_on_login' };
    await during(path, { options: changed }, { options: options as Json }, () => visitor.throughSso(key, email));
  },
  'admit.user_blocked': async () => {
    const { key, email, visitor } = newPerson();
    const userId = await stage.cast.createMember(email);
    await api('PATCH', `/users/${encodeURIComponent(userId)}`, { blocked: true });
    await visitor.throughSso(key, email);
  },
  'admit.sso_required': async () => {
    await stage.enablement({ sso_rollout: 'required' });
    await stage.visitor().withPassword('dana@acme.example');
    await stage.enablement({ sso_rollout: 'optional' });
  },
  'admit.invitation_mismatch': async () => {
    const invitation = await stage.cast.invite('somebody@acme.example');
    const { key, visitor } = newPerson();
    await visitor.signInAtIdp(await visitor.accept(invitation), key);
    return [invitation.ticket, invitation.mailed];
  },
  'admit.not_a_member': async () => {
    const { key, email, visitor } = newPerson();
    await visitor.throughSso(key, email);
  },
  'resolve.other_user': async () => {
    const [first, second] = [stage.visitor(), stage.visitor()];
    await stage.cast.createMember('hinted@plain.example');
    const { idToken } = await first.redeem(await first.withPassword('hinted@plain.example'));
    await second.withPassword('olga@plain.example', PASSWORD, { id_token_hint: idToken });
    return [idToken];
  },
  'resolve.issuer_changed': async () => {
    const person = { ivan: { sub: 'm-ivan', email: 'ivan@moved.example', email_verified: true } };
    const place = await stage.cast.createPlace('moved', person);
    await stage.enablement({ assign_membership_on_login: true }, place.id, place.connectionId);
    const enter = async () => {
      const visitor = stage.visitor();
      const page = await visitor.open({ organization: place.id, connection: place.connectionName });
      return visitor.signInAtIdp(page, 'ivan');
    };
    await enter();
    const { idp } = await stage.cast.createPlace('elsewhere', person);
    const options = {
      type: 'back_channel',
      issuer: idp.issuer,
      discovery_url: `${idp.issuer}/.well-known/openid-configuration`,
      client_id: idp.clientId,
      client_secret: idp.clientSecret,
    };
    await api('PATCH', `/connections/${place.connectionId}`, { options });
    await enter();
    return [idp.clientSecret];
  },
  'commit.conflict': async () => {
    const { key, email, visitor } = newPerson();
    await stage.enablement({ assign_membership_on_login: true });
    const subject = stage.cast.people[key]?.sub;
    // Somebody has the id already (put back from a backup), however often the login looks again.
    await stage.instance.database.pool.query(
      `insert into users (user_id, created_at, updated_at) values ('oidc|acme-oidc|' || $1, now(), now())`,
      [subject],
    );
    await visitor.throughSso(key, email);
    await stage.enablement({ assign_membership_on_login: false });
  },
  'commit.replayed': async () => {
    const visitor = stage.visitor();
    const page = await visitor.type(await visitor.open(), 'olga@plain.example');
    const other = stage.visitor(visitor.browser.clone());
    await Promise.all([visitor, other].map((who) => who.browser.submit(page, { password: PASSWORD })));
  },
};

interface Row {
  readonly text: string;
  readonly details: {
    readonly code?: string;
    readonly reference?: string;
    readonly trace?: readonly { stage: string; rule: string; answer: string; evidence: Json }[];
  };
}

async function readLog(): Promise<Row[]> {
  const { rows } = await stage.instance.database.pool.query<Row>(
    'select row_to_json(logs)::text as text, details from logs order by date, log_id',
  );
  return rows;
}

const OWN = (Object.keys(REFUSALS) as RefusalCode[]).filter((code) => !code.startsWith('act.'));

describe('every refusal is found in the log', () => {
  test.each(OWN)('%s', async (code) => {
    const produce = producers[code];
    if (!produce) throw new Error(`${code} is new: say here how it comes about`);
    const known = new Set((await readLog()).map((row) => row.text));
    const made = await produce();
    const secrets: readonly string[] = Array.isArray(made) ? made : [];
    const lines = (await readLog()).filter((row) => !known.has(row.text) && row.details.code !== undefined);
    const own = lines.filter((row) => row.details.code === code);
    expect(lines.map((row) => row.details.code)).toContain(code);
    expect(own).toHaveLength(1);
    const [line] = own;
    expect(line?.details.reference).toMatch(/^V-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    const last = line?.details.trace?.at(-1);
    // What a login was about is looked at again by the step that comes after the IdP.
    const stageOf = code === 'identify.connection_changed' ? 'authenticate' : code.split('.')[0];
    expect(last, JSON.stringify(line?.details)).toMatchObject({ stage: stageOf, answer: 'refuse' });
    expect(last?.rule).toMatch(/^[a-z_]+$/);
    expect(Object.keys(last?.evidence ?? {}).length, `${code} has evidence`).toBeGreaterThan(0);
    for (const secret of [
      PASSWORD,
      WRONG_PASSWORD,
      'app-state',
      'app-nonce',
      stage.cast.idp.clientSecret,
      stage.cast.client.secret,
      ...secrets,
    ])
      expect(line?.text.includes(secret), `the line of ${code} holds ${secret}`).toBe(false);
  });
});

test('whoever was refused as a stranger is invited with one call, from what the line says', async () => {
  const { key, email, visitor } = newPerson();
  const refused = await visitor.throughSso(key, email);
  const line = await stage.refusal(refused);
  const last = line.details.trace?.at(-1);
  const invitation = await stage.cast.invite(String(last?.evidence.email), {
    organizationId: String(line.organization_id),
  });
  const { claims } = await visitor.redeem(await visitor.signInAtIdp(await visitor.accept(invitation), key));
  expect(claims).toMatchObject({ email, org_id: stage.cast.acme.id });
});
