/**
 * Every check by which the token endpoint refuses: its line in the log says which rule said no, about whom and on which evidence, as the
 * line of a login does, with the number that the application was told; and nothing that was presented.
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TOKEN_CHECKS, type TokenCheck } from '../../src/http/oauth/checks.js';
import { readText } from '../support/source-files.js';
import { type FactorsApi, useFactorsApi } from './factors-fixture.js';
import { API, CALLBACK, createFixture, DANA, type Fixture, ORIGIN, SECRET, VERIFIER } from './fixture.js';

let at: Fixture;
beforeAll(async () => {
  at = await createFixture();
  await at.run("update clients set refresh_leeway_seconds = 0, refresh_rotating = true where client_id = 'web'");
  await at.run(`insert into clients (client_id, name, token_endpoint_auth_method, authentication_credentials, grant_types, created_at, updated_at)
    values ('keyed', 'Keyed', 'private_key_jwt', '{cred_1}', '{client_credentials}', now(), now())`);
  await at.run(
    `insert into client_credentials (client_id, id, kid, alg, public_key, created_at, updated_at)
     values ('keyed', 'cred_1', 'k', 'RS256', $1, now(), now())`,
    [keys.publicKey.export({ type: 'spki', format: 'pem' })],
  );
});
afterAll(() => at.stop());
afterEach(() => at.run('delete from attempt_counters'));

type Form = Record<string, string>;
const post = (form: Form) => at.post('/oauth/token', form);
const web = { client_id: 'web', client_secret: SECRET };
const spa = { client_id: 'spa', redirect_uri: 'https://spa.example.test/cb' };
const machine = { grant_type: 'client_credentials', client_id: 'machine', client_secret: SECRET };

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The two parameters of private_key_jwt. */
async function assert_(claims: Record<string, unknown> = {}, key = keys.privateKey): Promise<Form> {
  const usual = {
    iss: 'keyed',
    sub: 'keyed',
    aud: `${ORIGIN}/`,
    exp: at.now().getTime() / 1000 + 60,
    jti: randomUUID(),
  };
  const assertion = new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: 'RS256' });
  const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  return { client_assertion_type: type, client_assertion: await assertion.sign(key) };
}
const askKeyed = (assertion: Form) => post({ grant_type: 'client_credentials', audience: API, ...assertion });

async function redeem(form: Form = {}, options: Parameters<Fixture['seedCode']>[0] = {}) {
  const code = await at.seedCode(options);
  const usual = { grant_type: 'authorization_code', ...web, code, code_verifier: VERIFIER, redirect_uri: CALLBACK };
  return post(Object.fromEntries(Object.entries({ ...usual, ...form }).filter(([, value]) => value !== '')));
}
const refresh = (token: string | undefined, form: Form = {}) =>
  post({ grant_type: 'refresh_token', ...web, refresh_token: token ?? '', ...form });
async function refreshAfter(work: (token: string) => Promise<unknown>, form: Form = {}) {
  const { refresh_token: token = '' } = await at.signIn();
  await work(token);
  return refresh(token, form);
}
/** Changes a row for the time of one refresh. */
async function while_(change: string, back: string) {
  return refreshAfter(() => at.run(change)).finally(() => at.run(back));
}

/** Binds an Action that asks for a factor, for the time of `work`. */
async function withFactors<Result>(work: (api: FactorsApi) => Promise<Result>): Promise<Result> {
  const { answer } = at.actions;
  try {
    return await work(await useFactorsApi(at));
  } finally {
    at.actions.answer = answer;
    await at.run("update tenant set actions_bound = '{}'");
    await at.run('delete from factors');
  }
}

/** Wrong answers, all for one `mfa_token`. */
const guess = (times: number) =>
  withFactors(async (api) => {
    const { mfaToken } = await api.refuse();
    for (let time = 1; time < times; time++) await api.otp(mfaToken, '000000');
    return api.otp(mfaToken, '000000');
  });

type Produce = () => Promise<Awaited<ReturnType<typeof post>>>;
/** Those that leave no line: no application is known yet, or there is nothing that such a request would be an exchange of. */
const WITHOUT_LINE: readonly TokenCheck[] = [
  'client.unknown',
  'client.basic_unreadable',
  'client.assertion_unreadable',
  'request.grant_type',
];
/** Nothing else explains it: what the token depends on was taken away while an Action ran, and has been given back since. */
const NOT_PRODUCED: readonly TokenCheck[] = ['refresh_token.moved'];

const producers: Readonly<Partial<Record<TokenCheck, readonly [string, Produce]>>> = {
  'request.malformed': ['identify request_malformed', () => redeem({ code: '' })],
  'client.no_secret': ['identify client_no_secret', () => redeem({ client_secret: '' })],
  'client.wrong_secret': ['identify client_wrong_secret', () => redeem({ client_secret: 'wrong' })],
  'client.public_with_secret': ['identify client_public_with_secret', () => redeem({ ...spa, client_secret: SECRET })],
  'client.wrong_method': [
    'identify client_wrong_method',
    async () => redeem({ client_secret: '', ...(await assert_({ sub: 'web', iss: 'web' })) }),
  ],
  'client.assertion_signature': [
    'identify client_assertion_signature',
    async () => askKeyed(await assert_({}, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)),
  ],
  'client.assertion_claims': ['identify client_assertion_claims', async () => askKeyed(await assert_({ aud: 'x' }))],
  'client.assertion_replayed': [
    'identify client_assertion_replayed',
    async () => {
      const assertion = await assert_();
      await askKeyed(assertion);
      return askKeyed(assertion);
    },
  ],
  'client.key_expired': [
    'identify client_key_expired',
    async () => {
      await at.run('update client_credentials set expires_at = $1', [at.now()]);
      return askKeyed(await assert_());
    },
  ],
  'client.too_many_attempts': [
    'identify client_too_many_attempts',
    async () => {
      for (let time = 0; time < 10; time += 1) await redeem({ client_secret: `wrong ${time}` });
      at.ledger.length = 0;
      return redeem({ client_secret: 'wrong once more' });
    },
  ],
  'client.grant_type': ['identify client_grant_type', () => redeem({ client_id: 'machine' })],
  'grant.unknown_audience': ['identify grant_unknown_audience', () => post({ ...machine, audience: 'urn:nosuch' })],
  'grant.none': ['identify grant_none', () => post({ ...machine, audience: 'urn:online' })],
  'grant.api_closed': [
    'identify grant_api_closed',
    async () => {
      await at.run("update resource_servers set client_policy = 'deny_all' where identifier = 'urn:tenant'");
      const response = await post({ ...machine, audience: 'urn:tenant' });
      await at.run(
        "update resource_servers set client_policy = 'require_client_grant' where identifier = 'urn:tenant'",
      );
      return response;
    },
  ],
  'grant.scope': ['identify grant_scope', () => post({ ...machine, audience: 'urn:tenant', scope: 'all' })],
  'grant.organization': [
    'identify grant_organization',
    () => post({ ...machine, audience: 'urn:tenant', organization: 'org_nosuch' }),
  ],
  'grant.quota': [
    'identify grant_quota',
    async () => {
      const write = 'update clients set extra = $1 where client_id = $2';
      await at.run(write, [{ token_quota: { client_credentials: { enforce: true, per_day: 1 } } }, 'machine']);
      await post({ ...machine, audience: 'urn:tenant' });
      const response = await post({ ...machine, audience: 'urn:tenant' });
      await at.run(write, [{}, 'machine']);
      return response;
    },
  ],
  'grant.token_too_long': [
    'identify grant_token_too_long',
    async () => {
      const change = `update client_grants set scopes = array(select 'read:' || n from generate_series(1, $1) n) where id = 'cgr_2'`;
      const scopes = `update resource_servers set scopes = (select jsonb_agg(jsonb_build_object('value', s)) from client_grants g, unnest(g.scopes) s
        where g.id = 'cgr_2') where id = 'rs_3'`;
      await at.run(change, [2_000]);
      await at.run(scopes);
      const response = await post({ ...machine, audience: 'urn:tenant' });
      await at.run(change, [1]);
      await at.run(scopes);
      return response;
    },
  ],
  'code.unknown': ['authenticate code_unknown', () => redeem({ code: 'made-up' })],
  'code.other_client': ['authenticate code_other_client', () => redeem({ client_id: 'web2' })],
  'code.replayed': [
    'authenticate code_replayed',
    async () => {
      const code = await at.seedCode();
      await redeem({ code });
      return redeem({ code });
    },
  ],
  'code.expired': [
    'authenticate code_expired',
    async () => {
      const code = await at.seedCode();
      at.advance(61);
      return redeem({ code });
    },
  ],
  'code.redirect_uri': [
    'authenticate code_redirect_uri',
    () => redeem({ redirect_uri: 'https://other.example.test/' }),
  ],
  'code.callback_removed': [
    'identify code_callback_removed',
    async () => {
      await at.run("update clients set callbacks = '{}' where client_id = 'web'");
      const response = await redeem();
      await at.run(`update clients set callbacks = '{${CALLBACK}}' where client_id = 'web'`);
      return response;
    },
  ],
  'pkce.downgrade': ['authenticate pkce_downgrade', () => redeem({}, { codeChallenge: null })],
  'pkce.required': [
    'authenticate pkce_required',
    () => redeem({ client_id: 'spa', client_secret: '', code_verifier: '' }, { clientId: 'spa', codeChallenge: null }),
  ],
  'pkce.syntax': ['authenticate pkce_syntax', () => redeem({ code_verifier: 'short' })],
  'pkce.mismatch': ['authenticate pkce_mismatch', () => redeem({ code_verifier: VERIFIER.replace('d', 'e') })],
  'refresh_token.unknown': ['authenticate refresh_token_unknown', () => refresh('made-up')],
  'refresh_token.other_client': [
    'authenticate refresh_token_other_client',
    () => refreshAfter(async () => {}, { client_id: 'web2' }),
  ],
  'refresh_token.revoked': [
    'authenticate refresh_token_revoked',
    () => refreshAfter((token) => at.post('/oauth/revoke', { ...web, token })),
  ],
  'refresh_token.reused': ['authenticate refresh_token_reused', () => refreshAfter((token) => refresh(token))],
  'refresh_token.expired': [
    'authenticate refresh_token_expired',
    () => refreshAfter(() => at.run('update refresh_tokens set expires_at = $1', [at.now()])),
  ],
  'refresh_token.idle': ['authenticate refresh_token_idle', () => refreshAfter(async () => at.advance(1_296_000))],
  'refresh_token.offline_access': [
    'identify refresh_token_offline_access',
    async () => {
      const { refresh_token: token } = await at.signIn({ audience: API, scope: 'offline_access read:things' });
      await at.run("update resource_servers set allow_offline_access = false where id = 'rs_1'");
      const response = await refresh(token);
      await at.run("update resource_servers set allow_offline_access = true where id = 'rs_1'");
      return response;
    },
  ],
  'refresh_token.no_policy': [
    'identify refresh_token_no_policy',
    async () => {
      const { refresh_token: token } = await at.signIn({ audience: API, scope: 'offline_access read:things' });
      return refresh(token, { audience: 'urn:tenant' });
    },
  ],
  'standing.organization_not_allowed': [
    'identify organization_not_allowed',
    () =>
      while_(
        "update clients set organization_usage = 'deny' where client_id = 'web'",
        "update clients set organization_usage = 'allow' where client_id = 'web'",
      ),
  ],
  'standing.organization_required': [
    'identify organization_required',
    () =>
      while_(
        `update refresh_tokens set organization_id = null; update clients set organization_usage = 'require' where client_id = 'web'`,
        `update refresh_tokens set organization_id = 'org_acme'; update clients set organization_usage = 'allow' where client_id = 'web'`,
      ),
  ],
  'standing.user_blocked': [
    'admit user_blocked',
    () => while_('update users set blocked = true', 'update users set blocked = false'),
  ],
  'standing.organization_blocked': [
    'admit organization_blocked',
    () => while_('update organizations set blocked = true', 'update organizations set blocked = false'),
  ],
  'standing.application_not_entitled': [
    'identify application_not_entitled',
    () =>
      while_(
        'update organizations set is_app_entitlement_active = true',
        'update organizations set is_app_entitlement_active = false',
      ),
  ],
  'standing.connection_not_enabled': [
    'admit connection_not_enabled',
    () =>
      while_(
        'update organization_connections set is_enabled = false',
        'update organization_connections set is_enabled = true',
      ),
  ],
  'factor.required': ['authenticate factor_required', () => withFactors(() => refreshAfter(async () => undefined))],
  'factor.token_malformed': [
    'authenticate factor_token_malformed',
    () => withFactors((api) => api.otp('made-up', '000000')),
  ],
  'factor.token_expired': [
    'authenticate factor_token_expired',
    () =>
      withFactors(async (api) => {
        const { mfaToken } = await api.refuse();
        at.advance(600);
        return api.otp(mfaToken, '000000');
      }),
  ],
  'factor.token_used': [
    'authenticate factor_token_used',
    () =>
      withFactors(async (api) => {
        const { secret } = await api.enrol();
        await at.run("update clients set refresh_rotating = false where client_id = 'web'");
        const { mfaToken } = await api.refuse();
        await api.otp(mfaToken, api.codeOf(secret));
        at.advance(30);
        return api.otp(mfaToken, api.codeOf(secret));
      }).finally(() => at.run("update clients set refresh_rotating = true where client_id = 'web'")),
  ],
  'factor.wrong_answer': ['authenticate factor_wrong_answer', () => guess(1)],
  'factor.too_many_attempts': ['authenticate factor_too_many_attempts', () => guess(6)],
  'standing.identity_unbound': [
    'admit identity_unbound',
    () => while_("update identities set status = 'expected'", "update identities set status = 'bound'"),
  ],
  'standing.organization_needed': [
    'admit organization_needed',
    () =>
      while_(
        `update refresh_tokens set organization_id = null;
         insert into connection_clients (connection_id, client_id) values ('con_acme', 'web')`,
        `update refresh_tokens set organization_id = 'org_acme';
         delete from connection_clients where connection_id = 'con_acme' and client_id = 'web'`,
      ),
  ],
  'standing.sso_required': [
    'admit sso_required',
    () =>
      while_(
        // The connection that the token came by is one of passwords now, and another one the company's.
        `update connections set strategy = 'auth0' where id = 'con_acme';
         update connections set strategy = 'oidc', domain_aliases = '{acme.example}' where id = 'con_pw';
         insert into organization_connections (organization_id, connection_id, sso_rollout, revision, created_at)
           values ('org_acme', 'con_pw', 'required', 'r', now())`,
        `delete from organization_connections where connection_id = 'con_pw';
         update connections set strategy = 'auth0', domain_aliases = '{}' where id = 'con_pw';
         update connections set strategy = 'oidc' where id = 'con_acme'`,
      ),
  ],
  'standing.not_in_pilot': [
    'admit not_in_pilot',
    () =>
      while_(
        "update organization_connections set pilot_emails = '{sam@acme.example}'",
        "update organization_connections set pilot_emails = '{}'",
      ),
  ],
  'standing.not_a_member': [
    'admit not_a_member',
    () =>
      while_(
        'delete from members',
        `insert into members (organization_id, user_id, via, created_at) values ('org_acme', '${DANA}', 'invited', now())`,
      ),
  ],
};

/** With these the person is known: the code or token is one of ours. */
const NAMES_PERSON =
  /^(code\.(?!unknown)|pkce|refresh_token\.(?!unknown)|standing|factor\.(required|token_used|wrong|too))/;

describe('every check', () => {
  test.each(Object.keys(TOKEN_CHECKS) as TokenCheck[])('%s', async (check) => {
    const [rule, produce] = producers[check] ?? [];
    if (WITHOUT_LINE.includes(check) || NOT_PRODUCED.includes(check)) return expect(produce).toBeUndefined();
    if (!produce) throw new Error(`${check} is new: say here how it comes about`);
    at.ledger.length = 0;
    const response = await produce();
    const { reference, trace, ...details } = at.ledger.at(-1)?.details ?? {};
    expect(details.check).toBe(check);
    expect(reference).toMatch(/^V-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    expect(response.json()).toMatchObject({ error: details.error, error_reference: reference });
    const [line, ...more] = trace as {
      stage: string;
      rule: string;
      answer: string;
      evidence: Record<string, unknown>;
    }[];
    expect(more).toEqual([]);
    expect(`${line?.stage} ${line?.rule} ${line?.answer}`).toBe(`${rule} refuse`);
    expect(line?.evidence.detail).toBe(response.json().error_description);
    const alone = check === 'standing.organization_needed' || check === 'standing.organization_required';
    const person = { userId: DANA, ...(!alone && { organizationId: 'org_acme' }), connectionId: 'con_acme' };
    if (NAMES_PERSON.test(check)) {
      expect(at.ledger.at(-1)).toMatchObject({ ...person, hasProof: true });
      expect(details.email).toBe('dana@acme.example');
      expect(line?.evidence).toMatchObject({ user_id: DANA, email: 'dana@acme.example' });
    } else {
      expect(at.ledger.at(-1)).not.toHaveProperty('userId');
    }
    for (const secret of [SECRET, VERIFIER, 'made-up', 'short'])
      expect(JSON.stringify(at.ledger.at(-1))).not.toContain(secret);
  });

  test('says when what was presented had ended', async () => {
    const evidence = async (check: TokenCheck) => {
      await producers[check]?.[1]();
      const trace = (at.ledger.at(-1)?.details.trace ?? []) as { evidence: Record<string, unknown> }[];
      return trace[0]?.evidence;
    };
    expect(await evidence('code.expired')).toHaveProperty('expired_at');
    expect(await evidence('code.replayed')).toHaveProperty('used_at');
    expect(await evidence('refresh_token.idle')).toHaveProperty('expired_at');
    expect(await evidence('refresh_token.reused')).toHaveProperty('rotated_at');
    expect(await evidence('client.too_many_attempts')).toMatchObject({ limit: 'from_known_network', most: 10 });
  });

  test('docs/errors.md says of each when it happens, and of nothing else', () => {
    const rows = [...readText('docs/errors.md').matchAll(/^\| `([a-z]+\w*\.\w+)` \| `([a-z]+)` \| (.+) \|$/gm)];
    expect(rows.map(([, check, stage]) => [check, stage])).toEqual(Object.entries(TOKEN_CHECKS));
  });
});
