/**
 * Story 32 for every refusal that there is: the log has one line with its code, the number that the person was shown, the stage, the
 * rule and the evidence, and no secret of anybody. It names whom it is about, as far as that was known, in its fields: from any line that
 * names an organization and an address the person is invited with one call.
 */
import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { REFUSALS, type RefusalCode } from '../../src/login/refusals.js';
import { useActions } from '../support/actions.js';
import { postTo } from '../support/attack-steps.js';
import { PASSWORD, type Place, type Visitor } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { proveByCode, sameForAll, useStage, wrongCode } from '../support/stage.js';

const WRONG_PASSWORD = 'A-wrong-secret-7';
const stage = useStage({ environment: { VESTIBULE_ACTIONS_PROCESSES: '1', VESTIBULE_ACTIONS_TIMEOUT: '2' } });
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

const HANDLERS = {
  'post-login': 'onExecutePostLogin',
  'pre-user-registration': 'onExecutePreUserRegistration',
  'login-post-identifier': 'onExecutePostIdentifier',
} as const;

/** Does something while an Action is bound. */
async function withAction(
  trigger: keyof typeof HANDLERS,
  body: string,
  work: () => Promise<unknown>,
): Promise<unknown> {
  const code = `exports.${HANDLERS[trigger]} = async (event, api) => { ${body} };`;
  const remove = await useActions(stage.instance, trigger, { name: 'act', code });
  return work().finally(remove);
}
const postLogin = (body: string) => () =>
  withAction('post-login', body, () => stage.visitor().withPassword('olga@plain.example'));

/** Does something while Acme asks for a second factor, and the tenant accepts these. */
async function withFactors(factors: Json, work: () => Promise<unknown>): Promise<unknown> {
  const accept = (guardian: Json) =>
    stage.instance.database.pool.query('update tenant set guardian = $1', [JSON.stringify(guardian)]);
  // The API takes no rule that nobody could follow.
  await accept({ factors: { otp: true } });
  await api('PATCH', acme(), { mfa: 'required' });
  await accept({ factors });
  return work().finally(async () => {
    await api('PATCH', acme(), { mfa: 'none' });
    await accept({});
  });
}

/** A request for the API `urn:POLICY`, which is made with that policy for people. */
async function openApi(policy: string): Promise<unknown> {
  const subject_type_authorization = { user: { policy } };
  await api('POST', '/resource-servers', { identifier: `urn:${policy}`, subject_type_authorization });
  return stage.visitor().open({ audience: `urn:${policy}` });
}

/** How a refusal comes about. A list that comes of it holds secrets of that login, besides those that all have. */
type Producer = () => Promise<unknown>;
const producers: Readonly<Record<RefusalCode, Producer>> = {
  'identify.unknown_client': () => stage.visitor().open({ client_id: 'nobody' }),
  'identify.invalid_request': () => stage.visitor().open({ prompt: 'nonsense' }),
  'identify.callback_mismatch': () => stage.visitor().open({ redirect_uri: 'https://evil.example/callback' }),
  'identify.unknown_audience': () => stage.visitor().open({ audience: 'https://nosuch.example' }),
  'identify.api_closed': () => openApi('deny_all'),
  'identify.api_not_granted': () => openApi('require_client_grant'),
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
  'identify.application_not_entitled': () =>
    during(acme(), { is_app_entitlement_active: true }, { is_app_entitlement_active: false }, () =>
      stage.visitor().open(),
    ),
  'identify.invitation_not_found': async () => {
    const invitation = await stage.cast.invite('nobody@acme.example');
    await stage.instance.database.pool.query(
      `update invitations set expires_at = now() - interval '1 s' where id = $1`,
      [invitation.id],
    );
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
      const random = require('node:crypto').randomBytes(20_000).toString('base64url');
      api.user.setAppMetadata('kept', event.secrets.mine + random);
      api.redirect.sendUserTo('https://terms.example/');
    };`;
    const remove = await useActions(stage.instance, 'post-login', { name: 'keeper', code, secrets: { mine: secret } });
    await stage.visitor().withPassword('dana@acme.example').finally(remove);
    return [secret];
  },
  'authenticate.unknown_transaction': async () => {
    const secrets = ['Q0dFQ0dFQ0dFQ0dF', 'a-code-of-the-idp-that-is-secret'];
    const query = new URLSearchParams({ state: `${secrets[0]}.x`, code: secrets[1] ?? '' });
    await stage.visitor().browser.visit(`${stage.instance.origin}/login/callback?${query}`);
    return secrets;
  },
  'authenticate.ticket_not_usable': async () => {
    const { email } = newPerson();
    const user_id = await stage.cast.createMember(email);
    const made = await api('POST', '/tickets/password-change', { user_id, organization_id: stage.cast.acme.id });
    const ticket = String(made.ticket);
    await stage.instance.database.pool.query(`update tickets set expires_at = now() - interval '1 s'`);
    await stage.visitor().browser.visit(ticket);
    return [new URL(ticket).searchParams.get('ticket')];
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
  'authenticate.passkey_failed': async () => {
    const path = `/connections/${stage.cast.databaseId}`;
    const { options } = await api('GET', path);
    const passkeys = { ...(options as Json), authentication_methods: { passkey: { enabled: true } } };
    await during(path, { options: passkeys }, { options: options as Json }, async () => {
      const visitor = stage.visitor();
      await visitor.browser.submit(await visitor.open(), { answer: '{}' });
    });
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
  'authenticate.factor_required': async () => {
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword('olga@plain.example'));
    await withFactors({ otp: true }, () => visitor.open({ prompt: 'none' }));
  },
  'authenticate.factor_failed': () =>
    withFactors({ otp: true }, async () => {
      const visitor = stage.visitor();
      let page = await visitor.withPassword('olga@plain.example');
      const secret = /data-copy="([A-Z2-7]{32})"/.exec(page.text)?.[1];
      for (let tries = 0; tries < 5; tries++) page = await visitor.browser.submit(page, { code: '000000' });
      return [String(secret), '"000000"'];
    }),
  'authenticate.no_accepted_factor': () => withFactors({}, () => stage.visitor().withPassword('olga@plain.example')),
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
      // The connection served an organization, so it asks for one until the operator says otherwise.
      await api('PATCH', `/connections/${connectionId}`, { needs_organization: false });
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
  'admit.not_in_pilot': async () => {
    const { key, visitor } = newPerson();
    await stage.enablement({ pilot_emails: ['dana@acme.example'] });
    const { id: organization, connectionName: connection } = stage.cast.acme;
    await visitor.signInAtIdp(await visitor.open({ organization, connection }), key);
    await stage.enablement({ pilot_emails: null });
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
  'resolve.seat_moved': async () => {
    const { key, email, visitor } = newPerson();
    await stage.cast.createMember(email);
    const { claims } = await visitor.redeem(await visitor.throughSso(key, email));
    const identity = `oidc/${encodeURIComponent(`${stage.cast.acme.connectionName}|${stage.cast.people[key]?.sub}`)}`;
    await api('POST', `/users/${encodeURIComponent(String(claims.sub))}/identities/${identity}/move`, {
      subject: 'anew',
    });
    await stage.visitor().throughSso(key, email);
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
  'act.denied': postLogin("api.access.deny('not today');"),
  'act.failed': postLogin("throw new Error('upstream is down');"),
  'act.not_available': postLogin("api.multifactor.enable('duo');"),
  'act.factors': postLogin("api.authentication.challengeWith({ type: 'otp' });"),
  'act.primary_user': () => {
    const body = "api.authentication.setPrimaryUser('auth0|000000000000000000000000');";
    return withAction('post-login', body, () => stage.visitor().withPassword('olga@plain.example'));
  },
  'act.busy': () =>
    withAction('post-login', 'await new Promise(() => {});', () =>
      Promise.all([1, 2].map(() => stage.visitor().withPassword('olga@plain.example'))),
    ),
  'act.interaction_required': async () => {
    const visitor = stage.visitor();
    await visitor.redeem(await visitor.withPassword('olga@plain.example'));
    await withAction('post-login', "api.redirect.sendUserTo('https://elsewhere.example/');", () =>
      visitor.open({ prompt: 'none' }),
    );
  },
  'act.route': () =>
    withAction('login-post-identifier', "api.authentication.setConnectionByName('nosuch');", async () => {
      const visitor = stage.visitor();
      await visitor.type(await visitor.open(), 'routed@plain.example');
    }),
  'act.registration_denied': () =>
    withAction(
      'pre-user-registration',
      "api.access.deny('on the list', 'We do not open accounts for you.');",
      async () => {
        const invitation = await stage.cast.invite('spam@plain.example', { connectionId: stage.cast.databaseId });
        const visitor = stage.visitor();
        await visitor.browser.submit(await visitor.accept(invitation), { password: PASSWORD });
        return [invitation.ticket, invitation.mailed];
      },
    ),
};

/**
 * The things that the fields of the line name, beside the client: the type is Auth0's. A request that names nobody yet names the organization at
 * most; after the person has typed an address or has come back from an IdP, the address and the connection; an account, once there is one.
 */
const NAMES: Readonly<Record<RefusalCode, string>> = {
  'identify.unknown_client': 'f',
  'identify.invalid_request': 'f',
  'identify.callback_mismatch': 'f',
  'identify.unknown_audience': 'f',
  'identify.api_closed': 'f',
  'identify.api_not_granted': 'f',
  'identify.organization_required': 'f',
  'identify.organization_not_allowed': 'f organization',
  'identify.organization_not_an_id': 'f organization',
  'identify.unknown_organization': 'f',
  'identify.organization_name': 'f',
  'identify.organization_not_chosen': 'fsa',
  'identify.organization_blocked': 'f organization',
  'identify.application_not_entitled': 'f organization',
  'identify.invitation_not_found': 'f organization email invitation',
  'identify.no_connections': 'f organization',
  'identify.no_visible_connections': 'f organization',
  'identify.connection_not_enabled': 'f organization',
  'identify.connection_changed': 'f organization connection email',
  'identify.request_too_large': 'f organization',
  'authenticate.unknown_transaction': 'f',
  'authenticate.ticket_not_usable': 'f organization user email',
  'authenticate.idp_denied': 'f organization connection email',
  'authenticate.idp_unreachable': 'f organization connection email',
  'authenticate.idp_invalid': 'f organization connection email',
  'authenticate.idp_keys': 'f organization connection',
  'authenticate.sign_in_too_old': 'f organization connection email',
  'authenticate.wrong_password': 'fp organization connection user email',
  'authenticate.too_many_attempts': 'f organization connection user email',
  'authenticate.passkey_failed': 'f organization connection',
  'authenticate.session_not_usable': 'fsa organization',
  'authenticate.sign_up_not_allowed': 'f organization connection email',
  'authenticate.proof_failed': 'f organization connection user email',
  'authenticate.factor_required': 'fsa organization connection user email',
  'authenticate.factor_failed': 'f organization connection user email',
  'authenticate.no_accepted_factor': 'f organization connection user email',
  'resolve.ambiguous_account': 'f organization connection email',
  'resolve.no_account': 'f organization connection email',
  'resolve.other_user': 'f organization connection user email',
  'resolve.issuer_changed': 'f organization connection email',
  'resolve.seat_moved': 'f organization connection email',
  'admit.organization_needed': 'f connection email',
  'admit.not_own_connection': 'f connection user email',
  'admit.user_blocked': 'f organization connection user email',
  'admit.sso_required': 'f organization connection user email',
  'admit.not_in_pilot': 'f organization connection email',
  'admit.invitation_needs_company': 'f organization email invitation',
  'admit.invitation_mismatch': 'fi organization connection email invitation',
  'admit.not_a_member': 'f organization connection email',
  'act.denied': 'f organization connection user email',
  'act.registration_denied': 'f organization connection email invitation',
  'act.failed': 'f organization connection user email',
  'act.not_available': 'f organization connection user email',
  'act.factors': 'mfar organization connection user email',
  'act.busy': 'f organization connection user email',
  'act.interaction_required': 'fsa organization connection user email',
  'act.route': 'f organization email',
  'act.primary_user': 'f organization connection user email',
  'commit.conflict': 'f organization connection email',
  'commit.replayed': 'f organization connection user email',
};

interface Row {
  readonly text: string;
  readonly type: string;
  readonly organization_id: string;
  readonly client_id: string | null;
  readonly user_id: string | null;
  readonly connection_id: string | null;
  readonly details: {
    readonly code?: string;
    readonly reference?: string;
    readonly email?: string;
    readonly invitation?: { readonly id: string; readonly invitee: { readonly email: string } };
    readonly trace?: readonly { stage: string; rule: string; answer: string; evidence: Json }[];
  };
}

async function readLog(): Promise<Row[]> {
  const { rows } = await stage.instance.database.pool.query<Row>(
    'select row_to_json(logs)::text as text, logs.* from logs order by date, log_id',
  );
  return rows;
}

/** Lists the things that the line names, in the words of {@link NAMES}. */
function namesOf(row: Row | undefined): string {
  const names = {
    organization: row?.organization_id !== '',
    connection: row?.connection_id !== null,
    user: row?.user_id !== null,
    email: row?.details.email !== undefined,
    invitation: row?.details.invitation !== undefined,
  };
  return [row?.type, ...Object.entries(names).flatMap(([name, isNamed]) => (isNamed ? [name] : []))].join(' ');
}

describe('every refusal is found in the log', () => {
  test.each(Object.keys(REFUSALS) as RefusalCode[])('%s', async (code) => {
    const produce = producers[code];
    const known = new Set((await readLog()).map((row) => row.text));
    const made = await produce();
    const secrets: readonly string[] = Array.isArray(made) ? made : [];
    const lines = (await readLog()).filter((row) => !known.has(row.text) && row.details.code !== undefined);
    const own = lines.filter((row) => row.details.code === code);
    expect(lines.map((row) => row.details.code)).toContain(code);
    // On a busy machine the first one may find no process either.
    if (code !== 'act.busy') expect(own).toHaveLength(1);
    const [line] = own;
    expect(line?.details.reference).toMatch(/^V-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    const last = line?.details.trace?.at(-1);
    // The request of a login is looked at again by the step that comes after the IdP.
    const stageOf = code === 'identify.connection_changed' ? 'authenticate' : code.split('.')[0];
    expect(last, JSON.stringify(line?.details)).toMatchObject({ stage: stageOf, answer: 'refuse' });
    expect(last?.rule).toMatch(/^[a-z_-]+$/);
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
    expect(namesOf(line)).toBe(NAMES[code]);
    const { email, invitation } = line?.details ?? {};
    if (invitation) expect(invitation.invitee.email).toMatch(/@(acme|plain)\.example$/);
    if (line === undefined || email === undefined || line.organization_id === '' || line.client_id === null) return;
    // From what the fields say, with one call.
    const invited = await api('POST', `/organizations/${line.organization_id}/invitations`, {
      inviter: { name: 'Olga' },
      invitee: { email },
      client_id: line.client_id,
    });
    expect(invited).toMatchObject({ organization_id: line.organization_id, invitee: { email } });
  });
});

test('an address that nobody has is told apart in the log, and nowhere else', async () => {
  const known = await stage.visitor().withPassword('olga@plain.example', WRONG_PASSWORD);
  const unknown = await stage.visitor().withPassword('nobody@plain.example', WRONG_PASSWORD);
  expect(sameForAll(known, 'olga@plain.example')).toBe(sameForAll(unknown, 'nobody@plain.example'));
  const [last, before] = (await readLog()).reverse();
  expect([last, before].map(namesOf)).toEqual([
    'fu organization connection email',
    'fp organization connection user email',
  ]);
  expect(last?.details.email).toBe('nobody@plain.example');
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
