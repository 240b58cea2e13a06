/** Sets the benchmark's tenant up through the Management API, as an application would. */

type Json = Record<string, unknown>;

export const CALLBACK = 'http://127.0.0.1:9/callback';
/** Address of an API with two scopes, for tokens with an audience. */
export const API = 'https://api.bench.example';
export const MACHINE = { id: 'bench-machine', secret: 'bench-machine-secret-of-some-length' };

export interface BenchTenant {
  readonly clientId: string;
  readonly clientSecret: string;
  /** A machine that may use two scopes of one API. */
  readonly machine: { readonly clientId: string; readonly clientSecret: string };
  /** Id of an organization with auto-membership on, where newcomers get in. */
  readonly openOrganization: string;
  /** Id of an organization with auto-membership off, where strangers are refused. */
  readonly closedOrganization: string;
  /** Id of an organization with auto-membership on, for whose people the Action hangs. */
  readonly hangingOrganization: string;
  readonly connection: string;
  /** Id of a connection to a SAML provider, with the same settings in the first organization. */
  readonly samlConnection: string;
  /** Binds one post-login Action with this code; `undefined` unbinds all. */
  bindAction(code: string | undefined): Promise<void>;
}

/** Returns the options of a connection to an identity provider of the load (fast-idp.mjs). */
export const providerOptions = (issuer: string) => ({
  type: 'back_channel',
  issuer,
  discovery_url: `${issuer}/.well-known/openid-configuration`,
  client_id: 'rp',
  client_secret: 'rp-secret',
  scope: 'openid profile email',
});

let actions = 0;

/**
 * Creates the tenant. `issuer` is the OpenID provider's, `samlMetadata` the address of the SAML provider's metadata;
 * without one there is no SAML connection.
 */
export async function setUp(origin: string, issuer: string, samlMetadata?: string): Promise<BenchTenant> {
  const tokenResponse = await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: MACHINE.id,
      client_secret: MACHINE.secret,
      audience: `${origin}/api/v2/`,
    }),
  });
  const token = ((await tokenResponse.json()) as { access_token: string }).access_token;
  const api = async (path: string, body: Json, method = 'POST'): Promise<Json> => {
    const response = await fetch(`${origin}/api/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Json;
  };
  const connection = await api('/connections', {
    name: 'corp',
    strategy: 'oidc',
    options: { ...providerOptions(issuer), domain_aliases: ['corp.test'] },
  });
  const saml =
    samlMetadata &&
    (await api('/connections', {
      name: 'corp-saml',
      strategy: 'samlp',
      options: { metadataUrl: samlMetadata, domain_aliases: ['corp.test'] },
    }));
  const client = await api('/clients', {
    name: 'Bench',
    app_type: 'regular_web',
    callbacks: [CALLBACK],
    organization_usage: 'require',
    grant_types: ['authorization_code', 'refresh_token'],
  });
  const scopes = ['read:reports', 'write:reports'];
  await api('/resource-servers', { identifier: API, name: 'Bench', scopes: scopes.map((value) => ({ value })) });
  const machine = await api('/clients', {
    name: 'Bench machine',
    app_type: 'non_interactive',
    grant_types: ['client_credentials'],
  });
  await api('/client-grants', { client_id: machine.client_id, audience: API, scope: scopes });
  const organization = (name: string, auto: boolean) =>
    api('/organizations', {
      name,
      enabled_connections: [{ connection_id: connection.id, assign_membership_on_login: auto }],
    });
  const open = await organization('corp', true);
  if (saml)
    await api(`/organizations/${open.id}/enabled_connections`, {
      connection_id: saml.id,
      assign_membership_on_login: true,
    });
  const closed = await organization('closed', false);
  const hanging = await organization('hanging', true);
  await api(`/organizations/${open.id}/discovery-domains`, { domain: 'corp.test', status: 'verified' });
  return {
    clientId: client.client_id as string,
    clientSecret: client.client_secret as string,
    machine: { clientId: machine.client_id as string, clientSecret: machine.client_secret as string },
    openOrganization: open.id as string,
    closedOrganization: closed.id as string,
    hangingOrganization: hanging.id as string,
    connection: 'corp',
    samlConnection: 'corp-saml',
    bindAction: async (code) => {
      const bindings: Json[] = [];
      if (code !== undefined) {
        const supported = [{ id: 'post-login', version: 'v3' }];
        const name = `bench ${++actions}`;
        const action = await api('/actions/actions', { name, code, supported_triggers: supported, deploy: true });
        bindings.push({ ref: { type: 'action_id', value: action.id }, display_name: name });
      }
      await api('/actions/triggers/post-login/bindings', { bindings }, 'PATCH');
    },
  };
}
