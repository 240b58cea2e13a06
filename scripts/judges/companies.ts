/**
 * Creates companies of the judge's tenant: an organization here, a realm in Keycloak, and the connection between both,
 * as the guides say.
 */
import type { Visit } from '../../test/support/http-browser.js';
import { createRealm, PASSWORD, type Realm } from './keycloak-realm.js';
import type { Json, Keycloak } from './keycloak-server.js';
import type { Vestibule } from './vestibule.js';

export type Protocol = 'oidc' | 'samlp';

/** An organization with an identity provider of its own. */
export interface Place {
  /** Of the organization. */
  readonly id: string;
  readonly domain: string;
  readonly connectionId: string;
  readonly connectionName: string;
  /** Changes options of the connection, and keeps the others. `undefined` removes one. */
  setOptions(changes: Json): Promise<void>;
}

/** A company whose provider is a realm of Keycloak. */
export interface Company extends Place {
  readonly protocol: Protocol;
  readonly realm: Realm;
  /** The client's id in Keycloak's admin API. */
  readonly clientId: string;
}

/** Creates an organization and its connection. The operator vouches for its domain, if it has one. */
export async function createPlace(
  { api, databaseId }: Vestibule,
  { name, domain, ...connection }: { name: string; domain?: string | undefined; strategy: Protocol; options: Json },
): Promise<Place> {
  const connectionName = `${name}-sso`;
  const created = await api('POST', '/connections', { name: connectionName, ...connection });
  const connectionId = String(created.id);
  const setOptions = async (changes: Json) => {
    const { options } = await api<{ options: Json }>('GET', `/connections/${connectionId}`);
    await api('PATCH', `/connections/${connectionId}`, { options: { ...options, ...changes } });
  };
  if (domain !== undefined) await setOptions({ domain_aliases: [domain] });
  const enabled_connections = [databaseId, connectionId].map((connection_id) => ({
    connection_id,
    assign_membership_on_login: false,
  }));
  const organization = await api('POST', '/organizations', { name, display_name: name, enabled_connections });
  const id = String(organization.id);
  if (domain !== undefined) await api('POST', `/organizations/${id}/discovery-domains`, { domain, status: 'verified' });
  return { id, domain: domain ?? '', connectionId, connectionName, setOptions };
}

/** Creates a company with a realm in Keycloak, as the guides say. Without a domain the company has proved nothing. */
export async function createCompany(
  vestibule: Vestibule,
  keycloak: Keycloak,
  { protocol, name, domain }: { protocol: Protocol; name: string; domain?: string },
): Promise<Company> {
  const { origin } = vestibule;
  const realm = await createRealm(keycloak, name);
  const asked = { name, domain, strategy: protocol };
  if (protocol === 'oidc') {
    const { id: clientId, secret } = await realm.addOidcClient(`${origin}/login/callback`);
    const client = { client_id: 'vestibule', client_secret: secret, scope: 'openid profile email' };
    const options = { type: 'back_channel', issuer: realm.issuer, ...client };
    return { ...(await createPlace(vestibule, { ...asked, options })), protocol, realm, clientId };
  }
  const place = await createPlace(vestibule, { ...asked, options: { metadataUrl: realm.metadataUrl } });
  const metadata = await fetch(`${origin}/samlp/metadata?connection=${place.connectionName}`);
  return { ...place, protocol, realm, clientId: await realm.importSamlClient(await metadata.text()) };
}

type Visitor = ReturnType<Vestibule['visitor']>;

/** Submits forms that a browser submits by itself: a SAML request by POST, and the answer. */
export async function relay({ browser }: Visitor, page: Visit): Promise<Visit> {
  let shown = page;
  const isRelay = ({ forms }: Visit) => forms.some(({ fields }) => 'SAMLRequest' in fields || 'SAMLResponse' in fields);
  for (let count = 0; count < 4 && isRelay(shown); count += 1) shown = await browser.submit(shown);
  return shown;
}

/** Signs in at Keycloak's form. If Keycloak still has a session for the browser, there is no form. */
export async function signIn(visitor: Visitor, page: Visit, username: string): Promise<Visit> {
  const shown = await relay(visitor, page);
  if (!shown.forms.some(({ fields }) => 'password' in fields)) return shown;
  return relay(visitor, await visitor.browser.submit(shown, { username, password: PASSWORD }));
}

/** Signs in from the application by home realm discovery to Keycloak and back. */
export async function throughSso(visitor: Visitor, company: Place, username: string): Promise<Visit> {
  const page = await visitor.type(await visitor.open(), `${username}@${company.domain}`);
  return signIn(visitor, page, username);
}

/** Signs in directly through the company's connection, without home realm discovery. */
export async function throughConnection(visitor: Visitor, { connectionName }: Place, username: string): Promise<Visit> {
  return signIn(visitor, await visitor.open({ connection: connectionName }), username);
}
