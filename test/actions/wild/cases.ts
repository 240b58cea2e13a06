/** The input of each Action of the corpus and its expected result, case by case. */
import type { Effect, Json, JsonObject, TriggerId } from '../../../src/domain/actions/action.js';
import { RIGHTS_SECRET } from './services.js';

export interface Case {
  /** Name of the Action, or of several that run one after the other. */
  readonly run: string | readonly string[];
  readonly when: string;
  /** Laid over the usual event of the trigger; `null` takes a part away. */
  readonly event?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly end?: unknown;
  /** In order; times and digests as matchers. */
  readonly effects?: readonly unknown[];
  /** Lines of the console of all its Actions together. */
  readonly console?: readonly unknown[];
  /** Requests to the services, as `POST /people`. */
  readonly heard?: readonly string[];
  /** `onContinuePostLogin` is what runs. */
  readonly resume?: boolean;
  readonly asked?: readonly Effect[];
  /** The Action leaves something behind, so its process is not used again. */
  readonly leaves?: string;
}

const APP = 'https://notebook.example';

export const EVENTS: Partial<Record<TriggerId, JsonObject>> = {
  'post-login': {
    authentication: { methods: [{ name: 'pwd', timestamp: '2026-11-25T08:00:00.000Z' }] },
    authorization: { roles: ['editor', 'reader'] },
    client: { client_id: 'notebook', name: 'Notebook', metadata: {} },
    connection: { id: 'con_1', name: 'Username-Password-Authentication', strategy: 'auth0', metadata: {} },
    organization: { id: 'org_1', name: 'acme', display_name: 'Acme', metadata: {} },
    request: {
      ip: '203.0.113.9',
      hostname: 'login.example',
      user_agent: 'Browser/1',
      method: 'GET',
      query: {},
      body: {},
      geoip: {},
    },
    stats: { logins_count: 3 },
    tenant: { id: 'main' },
    transaction: {
      id: 'txn',
      acr_values: [],
      locale: 'en',
      prompt: [],
      protocol: 'oidc-basic-profile',
      requested_scopes: ['openid', 'profile', 'email'],
      metadata: {},
    },
    user: {
      user_id: 'auth0|ada',
      email: 'ada@acme.example',
      email_verified: true,
      name: 'Ada Lovelace',
      user_metadata: {},
      app_metadata: {},
      identities: [
        { connection: 'Username-Password-Authentication', provider: 'auth0', user_id: 'ada', isSocial: false },
      ],
      created_at: '2026-01-01T00:00:00.000Z',
      enrolledFactors: [],
      multifactor: [],
    },
  },
  'pre-user-registration': {
    client: { client_id: 'notebook', name: 'Notebook', metadata: {} },
    connection: { id: 'con_1', name: 'Username-Password-Authentication', strategy: 'auth0', metadata: {} },
    request: { ip: '203.0.113.9', method: 'GET', query: {}, body: {}, geoip: {} },
    tenant: { id: 'main' },
    transaction: { id: 'txn', locale: 'en', protocol: 'oidc-basic-profile' },
    user: { email: 'ada@acme.example', email_verified: false, user_metadata: {}, app_metadata: {} },
  },
  'post-user-registration': {
    connection: { id: 'con_1', name: 'Username-Password-Authentication', strategy: 'auth0' },
    tenant: { id: 'main' },
    user: { user_id: 'auth0|ada', email: 'ada@acme.example', user_metadata: {}, app_metadata: {} },
  },
  'post-change-password': {
    connection: { id: 'con_1', name: 'Username-Password-Authentication', strategy: 'auth0' },
    tenant: { id: 'main' },
    user: { user_id: 'auth0|ada', email: 'ada@acme.example' },
  },
  'credentials-exchange': {
    accessToken: { customClaims: {}, scope: ['read:notes'] },
    client: { client_id: 'robot', name: 'Robot', metadata: { org_id: 'org_1' } },
    request: { ip: '203.0.113.9', method: 'POST', body: {}, geoip: {} },
    resource_server: { identifier: 'https://api.notebook.example' },
    tenant: { id: 'main' },
    transaction: { requested_scopes: [] },
  },
};

const denied = (reason: unknown, more: { code?: string; userMessage?: string } = {}) => ({
  kind: 'denied',
  reason,
  code: more.code,
  userMessage: more.userMessage,
});
const claim = (token: 'id' | 'access', name: string, value: unknown) => ({
  kind: 'claim',
  token,
  name: name.includes('/') || !name.startsWith('~') ? name : `${APP}/${name.slice(1)}`,
  value,
});
const appMetadata = (name: string, value: unknown) => ({ kind: 'app_metadata', name, value });
const userMetadata = (name: string, value: unknown) => ({ kind: 'user_metadata', name, value });
const matches = (pattern: RegExp): unknown => ({ asymmetricMatch: (value: unknown) => pattern.test(String(value)) });
/** A time so many milliseconds from now, give or take a minute. */
const fromNow = (milliseconds: number): unknown => ({
  asymmetricMatch: (value: unknown) => Math.abs(Number(value) - Date.now() - milliseconds) < 60_000,
});

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const today = new Intl.DateTimeFormat('en-GB', { weekday: 'short', timeZone: 'Europe/Berlin' }).format(new Date());
const otherDays = DAYS.filter((day) => day !== today).join(' ');

/** Makes the answer of a profile page, signed for this redirect. */
export type Sign = (claims: Readonly<Record<string, Json>>, secret?: string) => string;

/** `url`, `secureUrl`: the services. `sign` makes a session token of a page that a person was sent to. */
export function createCases(url: string, secureUrl: string | undefined, sign: Sign): readonly Case[] {
  const profileAnswer = (claims: Readonly<Record<string, Json>>, secret?: string) => ({
    request: { method: 'GET', query: { state: 'state-1', session_token: sign(claims, secret) } },
  });
  return [
    {
      run: 'roles-to-claims',
      when: 'roles are in both tokens',
      effects: [claim('id', '~roles', ['editor', 'reader']), claim('access', '~roles', ['editor', 'reader'])],
    },
    { run: 'roles-to-claims', when: 'no authorization: no claim', event: { authorization: null }, effects: [] },
    {
      run: 'organization-plan',
      when: 'the plan of the organization; a claim without a value is not there',
      event: {
        organization: {
          id: 'org_1',
          name: 'acme',
          display_name: 'Acme',
          metadata: { plan: 'team', features: 'sso,audit' },
        },
      },
      effects: [
        claim('id', '~organization', { name: 'acme', display: 'Acme', plan: 'team', features: ['sso', 'audit'] }),
        claim('access', '~plan', 'team'),
      ],
    },
    { run: 'organization-plan', when: 'without an organization nothing', event: { organization: null }, effects: [] },
    {
      run: 'profile-claims',
      when: 'names without a namespace are set, the reserved ones are not, and say so',
      effects: [
        claim('access', 'email', 'ada@acme.example'),
        claim('access', 'email_verified', true),
        claim('access', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name', 'Ada Lovelace'),
        claim('access', 'user_metadata', {}),
      ],
      console: ['the claim permissions is reserved: it was not set', 'the claim roles is reserved: it was not set'],
    },
    { run: 'domain-allow-list', when: 'a listed domain', secrets: { ALLOWED_DOMAINS: 'x.example, ACME.example' } },
    {
      run: 'domain-allow-list',
      when: 'another one: the application’s name is in the reason',
      secrets: { ALLOWED_DOMAINS: 'me.example' },
      end: denied('Access to Notebook is not allowed.'),
    },
    {
      run: 'domain-allow-list',
      when: 'two arguments to deny: the first is the reason, as on Auth0',
      secrets: { ALLOWED_DOMAINS: 'acme.example' },
      event: { user: { email_verified: false } },
      end: denied('unverified_address'),
    },
    { run: 'domain-allow-list', when: 'a secret that was not set is undefined', end: denied('Invalid configuration') },
    {
      run: 'office-hours',
      when: 'today is open',
      secrets: { OPEN_DAYS: today },
      console: [matches(new RegExp(`^it is ${today}, \\d+ o’clock$`))],
    },
    {
      run: 'office-hours',
      when: 'today is closed',
      secrets: { OPEN_DAYS: otherDays },
      end: denied(matches(/^This app is open on \w+, .+, and \w+ only\.$/)),
      console: [matches(/^it is/)],
    },
    { run: 'country-gate', when: 'nothing is known of the country, which is no listed one' },
    {
      run: 'country-gate',
      when: 'a listed country',
      event: { request: { geoip: { countryCode: 'KP', countryName: 'North Korea' } } },
      end: denied('Not available in North Korea.'),
    },
    {
      run: 'country-gate',
      when: 'all but some, and nothing is known: nobody comes in',
      secrets: { ONLY_COUNTRIES: 'DE,FR' },
      end: denied(matches(/^We could not tell/)),
    },
    { run: 'network-allow-list', when: 'inside', secrets: { NETWORKS: '203.0.113.0/24, 2001:db8::/32' } },
    {
      run: 'network-allow-list',
      when: 'outside, in the other family',
      secrets: { NETWORKS: '203.0.113.0/24 2001:db8::/32' },
      event: { request: { ip: '2001:db9::1' } },
      end: denied('Access denied from 2001:db9::1'),
    },
    {
      run: 'first-login-webhook',
      when: 'the first login',
      event: { stats: { logins_count: 1 } },
      secrets: { BACKEND: url, BACKEND_KEY: 'key' },
      effects: [appMetadata('backend_id', 'p-1')],
      console: ['backend answered 201'],
      heard: ['POST /people'],
    },
    { run: 'first-login-webhook', when: 'a later one', secrets: { BACKEND: url, BACKEND_KEY: 'key' }, heard: [] },
    {
      run: 'first-login-webhook',
      when: 'the backend says no: its status is in error.response',
      event: { stats: { logins_count: 1 } },
      secrets: { BACKEND: url, BACKEND_KEY: 'wrong' },
      end: denied(matches(/^We could not set/)),
      console: ['backend refused: 403'],
      heard: ['POST /people'],
    },
    {
      run: 'first-login-webhook',
      when: 'nobody listens: error.code says so',
      event: { stats: { logins_count: 1 } },
      secrets: { BACKEND: 'http://127.0.0.1:9', BACKEND_KEY: 'key' },
      end: denied(matches(/^We could not set/)),
      console: ['backend unreachable: ECONNREFUSED'],
    },
    {
      run: 'sync-with-fetch',
      when: 'taken',
      secrets: { COLLECTOR: `${url}/collect`, API_KEY: 'k' },
      heard: ['POST /collect'],
    },
    {
      run: 'sync-with-fetch',
      when: 'no answer: its own limit ends the call, and the login goes on',
      secrets: { COLLECTOR: `${url}/collect/silent`, API_KEY: 'k' },
      console: ['collector: too slow'],
      heard: ['POST /collect/silent'],
    },
    {
      run: 'sync-with-fetch',
      when: 'an error of the service',
      secrets: { COLLECTOR: `${url}/elsewhere`, API_KEY: 'k' },
      console: ['collector: 500 {"error":"broken"}'],
      heard: ['POST /elsewhere'],
    },
    ...(secureUrl === undefined
      ? []
      : [
          {
            run: 'chat-notice',
            when: 'over https, with an authority that the server trusts',
            secrets: { CHAT_WEBHOOK: `${secureUrl}/chat` },
            effects: [appMetadata('announced', true)],
            heard: ['POST /chat'],
          },
        ]),
    { run: 'chat-notice', when: 'once is enough', event: { user: { app_metadata: { announced: true } } } },
    {
      run: 'lead-with-cached-token',
      when: 'a token first, by a form with parts',
      secrets: { SALES_URL: url, SALES_ID: 'id', SALES_SECRET: 'sales secret' },
      effects: [appMetadata('lead', true)],
      heard: ['POST /token', 'POST /leads'],
    },
    {
      run: 'lead-with-cached-token',
      when: 'then from the cache',
      secrets: { SALES_URL: url, SALES_ID: 'id', SALES_SECRET: 'sales secret' },
      effects: [appMetadata('lead', true)],
      heard: ['POST /leads'],
    },
    { run: 'lead-with-cached-token', when: 'not configured', console: ['no lead: the sales system is not configured'] },
    {
      run: 'progressive-profile',
      when: 'what is missing is asked for elsewhere',
      secrets: { PROFILE_SECRET: 'profile', PROFILE_PAGE: 'https://notebook.example/profile?from=login' },
      end: {
        kind: 'redirect',
        index: 0,
        url: matches(/^https:\/\/notebook\.example\/profile\?from=login&session_token=[\w-]+\.[\w-]+\.[\w-]+&lang=en$/),
      },
    },
    {
      run: 'progressive-profile',
      when: 'nothing is missing',
      event: { user: { user_metadata: { department: 'x', phone: '1' } } },
    },
    {
      run: 'progressive-profile',
      when: 'back with a signed answer',
      resume: true,
      secrets: { PROFILE_SECRET: 'profile', PROFILE_PAGE: 'https://notebook.example/profile' },
      event: profileAnswer({ other: { department: ' Sales ', phone: 12, admin: true } }),
      effects: [userMetadata('department', 'Sales'), userMetadata('phone', '12')],
    },
    {
      run: 'progressive-profile',
      when: 'back with an answer of somebody’s own making',
      resume: true,
      secrets: { PROFILE_SECRET: 'profile', PROFILE_PAGE: 'https://notebook.example/profile' },
      event: profileAnswer({ other: { department: 'Board' } }, 'a guess'),
      end: denied(matches(/^Something went wrong/)),
      console: [matches(/invalid signature/)],
    },
    {
      run: 'consent-once',
      when: 'the first time, in one chain',
      effects: [userMetadata('consentGiven', true), userMetadata('consentTimestamp', fromNow(0))],
    },
    { run: 'consent-once', when: 'later', event: { user: { user_metadata: { consentGiven: true } } } },
    {
      run: 'login-counter',
      when: 'a device that is known',
      event: { user: { app_metadata: { count: 6, devices: ['a', 'qLrk4YqvEcYN', 'b', 'c'], loginCount: 1 } } },
      effects: [
        appMetadata('count', 7),
        appMetadata('devices', [matches(/^[\w-]{12}$/), 'a', matches(/./)]),
        appMetadata('last_login', { at: matches(/^20\d\d-/), from: 'Notebook' }),
        appMetadata('loginCount', null),
        claim('id', '~new_device', true),
      ],
    },
    {
      run: 'step-up',
      when: 'nobody asked: "none" is no second factor',
      effects: [{ kind: 'multifactor', provider: 'none', remembers: false }],
    },
    {
      run: 'step-up',
      when: 'the application asked: a second factor at the end of the login',
      event: { transaction: { acr_values: ['http://schemas.openid.net/pape/policies/2007/06/multi-factor'] } },
      effects: [{ kind: 'multifactor', provider: 'any', remembers: false }],
    },
    {
      run: 'organization-mfa-policy',
      when: 'no policy',
      secrets: { DASHBOARD_CLIENT_ID: 'notebook' },
    },
    {
      run: 'organization-mfa-policy',
      when: 'a policy of the organization: the person sets up a factor',
      secrets: { DASHBOARD_CLIENT_ID: 'notebook' },
      event: { organization: { metadata: { mfaPolicy: '{"enforce":true,"providers":["otp"],"skipForDomains":[]}' } } },
      end: { kind: 'factor', index: 0 },
      effects: [{ kind: 'factor_command', does: 'enrol', types: ['otp'] }],
    },
    {
      run: 'organization-mfa-policy',
      when: 'enrolled elsewhere once, and the company’s sign-in has a factor of its own: passed',
      secrets: { DASHBOARD_CLIENT_ID: 'notebook' },
      event: {
        user: { multifactor: ['guardian'] },
        organization: {
          metadata: { mfaPolicy: '{"enforce":true,"providers":["otp"],"skipForDomains":["acme.example"]}' },
        },
      },
    },
    {
      run: 'session-lifetimes',
      when: 'lifetimes of the organization',
      event: { organization: { metadata: { idle_lifetime: '600000', absolute_lifetime: '3600000' } } },
      effects: [
        { kind: 'session_idle_expiry', at: fromNow(600_000) },
        { kind: 'session_expiry', at: fromNow(3_600_000) },
      ],
    },
    {
      run: 'group-required',
      when: 'in the group',
      secrets: { ALLOWED_GROUP: 'staff' },
      event: { user: { groups: 'staff' } },
    },
    { run: 'group-required', when: 'no groups', secrets: { ALLOWED_GROUP: 'staff' }, end: denied('Access denied') },
    {
      run: 'signed-call',
      when: 'signed there and back, by two packages',
      secrets: { RIGHTS_URL: `${url}/rights`, RIGHTS_SECRET },
      effects: [claim('access', '~rights', ['read', 'share'])],
      heard: ['GET /rights'],
    },
    {
      run: 'signed-call',
      when: 'an answer that is not signed refuses the login',
      secrets: { RIGHTS_URL: `${url}/flags`, RIGHTS_SECRET },
      end: { kind: 'failed', failure: 'threw', message: 'jwt malformed', detail: matches(/signed-call\.js:\d+/) },
      heard: ['GET /flags'],
    },
    {
      run: 'fan-out',
      when: 'all at once, one of them at the second try',
      secrets: { ENRICH: url },
      effects: [claim('id', '~profile', { flags: { beta: true, dark: false }, plan: 'team', initials: 'Ad' })],
      console: ['/broken answered 500'],
      heard: [
        'GET /broken?email=ada%40acme.example',
        'GET /flags?email=ada%40acme.example',
        'GET /flaky?email=ada%40acme.example',
        'GET /flaky?email=ada%40acme.example',
        'GET /photo?email=ada%40acme.example',
      ],
    },
    {
      run: ['risk-note', 'risk-verdict'],
      when: 'nothing unusual: the second sees what the first has noted, and so does the first itself',
      effects: [
        { kind: 'transaction_metadata', name: 'risk', value: 0 },
        { kind: 'transaction_metadata', name: 'reasons', value: '{"agent":"Browser/1"}' },
        claim('id', '~risk', 0),
      ],
      console: ['risk: 0'],
    },
    {
      run: ['risk-note', 'risk-verdict'],
      when: 'a script',
      event: { request: { user_agent: 'curl/8' } },
      effects: [
        { kind: 'transaction_metadata', name: 'risk', value: 50 },
        { kind: 'transaction_metadata', name: 'reasons', value: '{"agent":"curl/8"}' },
      ],
      end: denied('This login looks unusual.'),
      console: ['risk: 50', 'curl/8'],
    },
    {
      run: 'class-and-module-exports',
      when: 'whatever an earlier execution left at the top is not there',
      effects: [
        claim('id', '~given', 'Ada'),
        claim('access', '~given', 'Ada'),
        claim('id', '~locale', 'en-US'),
        claim('access', '~locale', 'en-US'),
        claim('id', '~writers', 1),
        claim('access', '~writers', 1),
      ],
    },
    {
      run: 'class-and-module-exports',
      when: 'again, in the same process',
      event: { user: { given_name: 'Countess', user_metadata: { language: 'de-ch' } } },
      effects: [
        claim('id', '~given', 'Countess'),
        claim('access', '~given', 'Countess'),
        claim('id', '~locale', 'de-CH'),
        claim('access', '~locale', 'de-CH'),
        claim('id', '~writers', 1),
        claim('access', '~writers', 1),
      ],
    },
    {
      run: 'plain-function',
      when: 'runs, and its undeclared variable costs the process',
      effects: [claim('id', '~stage', 'production'), claim('id', '~rule', { configuration: {}, executed: false })],
      console: [matches(/auth0\|ada.*Notebook/)],
      leaves: 'globalThis',
    },
    { run: 'organization-taken-for-granted', when: 'there is one', effects: [claim('id', '~organization', 'acme')] },
    {
      run: 'organization-taken-for-granted',
      when: 'there is none: the TypeError refuses the login, with the line',
      event: { organization: null },
      end: {
        kind: 'failed',
        failure: 'threw',
        message: "Cannot read properties of undefined (reading 'name')",
        detail: matches(/organization-taken-for-granted\.js:3:\d+/),
      },
    },
    {
      run: 'saml-attributes',
      when: 'no application here speaks SAML: said once, and nothing is lost',
      console: ['samlResponse.setAttribute: no application here uses SAML, so it changes nothing'],
    },
    { run: 'scopes-by-role', when: 'another API', secrets: { API: 'https://api.notebook.example' } },
    {
      run: 'scopes-by-role',
      when: 'what the roles do not carry goes, what they carry comes',
      secrets: { API: 'https://api.notebook.example' },
      event: {
        resource_server: { identifier: 'https://api.notebook.example' },
        transaction: { requested_scopes: ['openid', 'delete:notes', 'read:notes'] },
      },
      effects: [
        { kind: 'scope', change: 'remove', scope: 'delete:notes' },
        { kind: 'scope', change: 'add', scope: 'read:notes' },
        { kind: 'scope', change: 'add', scope: 'write:notes' },
      ],
    },
    {
      run: 'password-age',
      when: 'changed a day ago, though the account is old',
      secrets: { MAX_PASSWORD_DAYS: '90' },
      event: { user: { last_password_reset: new Date(Date.now() - 86_400_000).toISOString() } },
    },
    {
      run: 'password-age',
      when: 'never changed since long ago',
      secrets: { MAX_PASSWORD_DAYS: '90' },
      event: { user: { created_at: '2020-01-01T00:00:00.000Z' } },
      end: denied('Please change your password.'),
    },
    { run: 'sign-up-domains', when: 'the domain is listed', secrets: { DOMAINS: 'uni.example, acme.example' } },
    {
      run: 'sign-up-domains',
      when: 'another one: reason for the log, words for the person',
      secrets: { DOMAINS: 'uni.example' },
      event: { request: { language: 'ja' } },
      end: denied('domain acme.example is not on the list', {
        userMessage: '大学のメールアドレスを使用してください。',
      }),
    },
    {
      run: 'sign-up-domains',
      when: 'no language is known',
      secrets: { DOMAINS: 'uni.example' },
      end: denied(matches(/^domain/), { userMessage: 'Please sign up with your university address.' }),
    },
    {
      run: 'disposable-address',
      when: 'one that lasts',
      secrets: { CHECKER: url },
      heard: ['GET /email/ada%40acme.example'],
    },
    {
      run: 'disposable-address',
      when: 'one that does not',
      secrets: { CHECKER: url },
      event: { user: { email: 'gone@soon.example' } },
      end: denied('disposable', { userMessage: 'Please use an address that lasts.' }),
      heard: ['GET /email/gone%40soon.example'],
    },
    {
      run: 'disposable-address',
      when: 'the checker is down',
      secrets: { CHECKER: 'http://127.0.0.1:9' },
      effects: [userMetadata('address_check', { result: 'failed', why: 'TypeError' })],
    },
    {
      run: 'disposable-address',
      when: 'listed: one argument to deny is what the person reads too',
      event: { user: { email: 'x@mailinator.example' } },
      end: denied('Disposable addresses are not allowed.', { userMessage: 'Disposable addresses are not allowed.' }),
    },
    {
      run: 'contact-upsert',
      when: 'somebody new',
      secrets: { CRM: url, CRM_TOKEN: 't' },
      effects: [appMetadata('contact_id', 'contact-ada@acme.example')],
      heard: ['POST /contacts/search', 'POST /contacts'],
    },
    {
      run: 'contact-upsert',
      when: 'somebody known',
      secrets: { CRM: url, CRM_TOKEN: 't' },
      effects: [appMetadata('contact_id', 'contact-ada@acme.example')],
      heard: ['POST /contacts/search'],
    },
    {
      run: 'contact-upsert',
      when: 'somebody else was quicker (409)',
      secrets: { CRM: url, CRM_TOKEN: 't' },
      event: { user: { email: 'race@acme.example' } },
      effects: [appMetadata('contact_id', 'contact-race@acme.example')],
      heard: ['POST /contacts/search', 'POST /contacts', 'POST /contacts/search'],
    },
    {
      run: 'contact-upsert',
      when: 'the database of contacts is down',
      secrets: { CRM: 'http://127.0.0.1:9', CRM_TOKEN: 't' },
      end: denied('registration_error', { userMessage: 'We could not open your account right now.' }),
      console: [matches(/^true /)],
    },
    {
      run: 'sign-up-fields',
      when: 'no such fields: asked again',
      end: denied('Please give your full name.', {
        code: 'invalid_payload',
        userMessage: 'Please give your full name.',
      }),
    },
    {
      run: 'sign-up-fields',
      when: 'a full name',
      event: { request: { body: { 'ulp-full-name': ' Ada Lovelace ' } } },
      effects: [userMetadata('full_name', 'Ada Lovelace')],
    },
    {
      run: 'welcome-hook',
      when: 'told, signed',
      secrets: { HOOK: `${url}/hook`, HOOK_SECRET: 'hook secret' },
      console: ['told'],
      heard: ['POST /hook'],
    },
    {
      run: 'welcome-hook',
      when: 'not told, and nothing comes of it',
      secrets: { HOOK: `${url}/elsewhere`, HOOK_SECRET: 'hook secret' },
      console: ['not told: Request failed with status code 500'],
      heard: ['POST /elsewhere'],
    },
    {
      run: 'machine-claims',
      when: 'a machine of a known network',
      secrets: { NETWORKS: '10.,203.0.113.' },
      effects: [
        claim('access', 'm2m.org_id', 'org_1'),
        claim('access', 'https://api.notebook.example/organization', { id: 'org_1' }),
      ],
    },
    {
      run: 'machine-claims',
      when: 'another network',
      secrets: { NETWORKS: '10.' },
      end: denied('machines at 203.0.113.9 get no token', { code: 'invalid_request' }),
    },
    {
      run: 'password-changed',
      when: 'a notice',
      secrets: { NOTICES: url, NOTICES_KEY: 'k' },
      heard: ['POST /security'],
    },
    {
      run: 'password-changed',
      when: 'nobody to tell',
      secrets: { NOTICES: 'http://127.0.0.1:9', NOTICES_KEY: 'k' },
      console: ['no notice: fetch failed'],
    },
  ];
}
