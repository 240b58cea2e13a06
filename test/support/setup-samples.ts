/** The set-up pages of a customer's administrator in every state, for the tests of pages. */
import type { SetupBody, SetupPage, SetupStep } from '../../src/http/pages/models.js';

const TITLES: readonly (readonly [SetupStep, string])[] = [
  ['provider', 'Provider'],
  ['connection', 'Connection'],
  ['domains', 'Domains'],
  ['try', 'Try it'],
  ['people', 'People'],
  ['switch', 'Switch on'],
];

/** A page of the set-up with this content. */
export function setupOf(body: SetupBody, changes: Partial<SetupPage> = {}): SetupPage {
  return {
    page: 'setup',
    brand: { title: 'Acme', primaryColor: '#0f766e' },
    action: `/self-service/setup/${body.step}`,
    errors: [],
    notice: undefined,
    steps: TITLES.map(([name, title], index) => ({
      name,
      title,
      url: `/self-service/setup/${name}`,
      isDone: index < TITLES.findIndex(([step]) => step === body.step),
    })),
    body,
    ...changes,
  };
}

const provider: SetupBody = {
  step: 'provider',
  providers: [
    { name: 'okta', title: 'Okta', hint: 'OpenID Connect' },
    { name: 'waad', title: 'Microsoft Entra ID', hint: 'OpenID Connect' },
    { name: 'google-apps', title: 'Google Workspace', hint: 'OpenID Connect' },
    { name: 'samlp', title: 'Another provider with SAML', hint: 'SAML 2.0' },
  ],
  chosen: 'waad',
};

const connection = {
  step: 'connection',
  provider: 'Okta',
  instructions: [
    'In the Okta Admin Console, open Applications, then Create App Integration.',
    'Put the address below into “Sign-in redirect URIs”.',
  ],
  ours: [{ label: 'Redirect address', value: 'https://login.northwind.example/login/callback' }],
  fields: [
    { name: 'domain', label: 'Okta domain', hint: 'Such as acme.okta.com.', kind: 'text', value: '', required: true },
    { name: 'client_id', label: 'Client ID', kind: 'text', value: '', required: true },
    { name: 'client_secret', label: 'Client secret', kind: 'secret', value: '', required: true },
    { name: 'metadataXml', label: 'Or the file', kind: 'long', value: '', required: false },
  ],
} as const satisfies SetupBody;

const domain = {
  id: 'ord_1',
  domain: 'acme.example',
  state: 'waiting',
  host: '_ss-verification.org_AcmeAcmeAcmeAcme.acme.example',
  text: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
} as const;

const domains: SetupBody = { step: 'domains', domains: [], typed: '', needed: true };

const trial = {
  verdict: 'The connection works. You are not a member yet.',
  detail:
    'To sign in, you need an invitation: ask the people who sent you this link. You can finish the set-up without one.',
  claims: [
    { name: 'sub', value: '00u1a2b3c4d5e6f7g8h9' },
    { name: 'email', value: 'ann@acme.example' },
    { name: 'groups', value: '["Everyone","Engineering","A group with a rather long name, as companies have them"]' },
  ],
  handOver: JSON.stringify({ connectionId: 'con_1', at: '2026-11-27T10:00:00Z', claims: { sub: 'ann' } }),
  missing: [],
};

const TOKEN = { id: 'tok_1', madeOn: '2026-11-27', usedOn: undefined, endsOn: undefined, isOver: false };

const groupOf = (id: string, name: string, given: string) => ({
  id,
  name,
  roles: ['editor', 'approver'].map((role, index) => ({
    field: `role.${id}.${index}`,
    name: role,
    isGiven: role === given,
  })),
});

const people = {
  step: 'people',
  admission: 'Your provider tells us who somebody is; whether they may come in is decided here.',
  provisioning: true,
  isReady: true,
  values: [{ label: 'Base address (tenant URL)', value: 'https://login.northwind.example/scim/v2/connections/con_1' }],
  tokens: [],
  groups: undefined,
} as const satisfies SetupBody;

const switching = {
  step: 'switch',
  state: 'off',
  chosen: 'pilot',
  pilot: '',
  missing: [],
  warning: undefined,
  effects: [
    'People who type an address of acme.example are led to your provider.',
    'Nobody becomes a member by this: people who are not members have to be invited.',
  ],
  isChanged: false,
} as const satisfies SetupBody;

/** Each step, empty, filled, with an error, done. */
export const SETUP_SAMPLES: readonly { readonly name: string; readonly page: SetupPage }[] = [
  { name: 'setup-provider', page: setupOf(provider) },
  {
    name: 'setup-provider-error',
    page: setupOf(provider, { errors: [{ field: 'provider', message: 'Choose your provider.' }] }),
  },
  { name: 'setup-connection', page: setupOf(connection) },
  {
    name: 'setup-connection-error',
    page: setupOf(connection, { errors: [{ field: 'client_id', message: 'Type the Client ID.' }] }),
  },
  { name: 'setup-domains-none', page: setupOf(domains) },
  {
    name: 'setup-domains',
    page: setupOf(
      {
        ...domains,
        domains: [
          domain,
          { ...domain, id: 'ord_2', domain: 'acme.test', state: 'proved' },
          { ...domain, id: 'ord_3', domain: 'a-rather-long-name-of-a-domain.acme.example', state: 'vouched' },
        ],
      },
      { notice: 'acme.test is verified.' },
    ),
  },
  { name: 'setup-try', page: setupOf({ step: 'try', isPassed: false, isReady: true, trial: undefined }) },
  { name: 'setup-try-passed', page: setupOf({ step: 'try', isPassed: true, isReady: true, trial }) },
  {
    name: 'setup-try-missing',
    page: setupOf({ step: 'try', isPassed: false, isReady: true, trial: { ...trial, missing: ['email'] } }),
  },
  { name: 'setup-people', page: setupOf(people) },
  {
    name: 'setup-people-token',
    page: setupOf({
      ...people,
      tokens: [TOKEN],
      values: [...people.values, { label: 'Token, shown only now', value: `tok_1.${'0'.repeat(64)}` }],
    }),
  },
  { name: 'setup-people-untried', page: setupOf({ ...people, isReady: false }) },
  { name: 'setup-people-no-groups', page: setupOf({ ...people, groups: { items: [], more: 0 } }) },
  {
    name: 'setup-people-groups',
    page: setupOf({
      ...people,
      tokens: [
        { ...TOKEN, usedOn: '2026-11-28', endsOn: '2027-11-27' },
        { ...TOKEN, id: 'tok_2', endsOn: '2026-11-26', isOver: true },
      ],
      groups: {
        items: [
          groupOf('grp_1', 'Editors', 'editor'),
          groupOf('grp_2', 'A group with a rather long name, as companies have them: Finance, Approvals, Europe', ''),
        ],
        more: 3,
      },
    }),
  },
  { name: 'setup-switch', page: setupOf(switching) },
  {
    name: 'setup-switch-missing',
    page: setupOf({ ...switching, missing: ['Nobody has tried a sign-in with these settings yet.'] }),
  },
  {
    name: 'setup-switch-former-people',
    page: setupOf({
      ...switching,
      warning:
        '12 people are known here from another provider (another issuer) than the one in these settings, and cannot sign in over this connection.',
    }),
  },
  {
    name: 'setup-switch-pilot',
    page: setupOf({ ...switching, state: 'pilot', pilot: 'ann@acme.example', isChanged: true }),
  },
];
