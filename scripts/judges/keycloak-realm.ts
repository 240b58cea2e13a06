/**
 * Creates a company's realm in Keycloak as its administrator would: people, the application of each protocol, keys and
 * encryption.
 */
import { randomBytes } from 'node:crypto';
import type { Json, Keycloak } from './keycloak-server.js';

export const PASSWORD = 'Correct-horse-7-battery';

export interface Realm {
  readonly name: string;
  readonly issuer: string;
  readonly metadataUrl: string;
  /** Calls the admin API below this realm. */
  admin<T = Json>(method: string, path: string, body?: unknown): Promise<T>;
  /** Adds a person with `PASSWORD`. Returns the id that Keycloak's tokens have as `sub`. */
  addPerson(username: string, email: string, isVerified?: boolean): Promise<string>;
  changePerson(id: string, changes: Json): Promise<void>;
  /** Adds an OpenID Connect client as docs/guides/connect-keycloak.md says. */
  addOidcClient(callback: string): Promise<{ readonly id: string; readonly secret: string }>;
  /**
   * Adds a SAML client from the service provider's metadata, with a persistent Name ID and the address. Returns its id
   * in the admin API.
   */
  importSamlClient(metadata: string): Promise<string>;
  /** Sets some of a client's attributes; `null` removes one. */
  changeClient(id: string, attributes: Json): Promise<void>;
  /** Adds a new active signing key beside the old ones. */
  addKey(): Promise<void>;
  /** Removes every signing key except the active one. */
  removeOldKeys(): Promise<void>;
  remove(): Promise<void>;
}

interface Component {
  readonly id: string;
  readonly name: string;
  readonly providerId: string;
}

const KEY_PROVIDER = 'org.keycloak.keys.KeyProvider';

const EMAIL_MAPPER = {
  name: 'email',
  protocol: 'saml',
  protocolMapper: 'saml-user-property-mapper',
  config: { 'user.attribute': 'email', 'attribute.name': 'email', 'attribute.nameformat': 'Basic' },
};

function rotate(admin: Realm['admin'], realmId: string): Pick<Realm, 'addKey' | 'removeOldKeys'> {
  // The key that Keycloak creates with a realm has priority 100.
  let priority = 100;
  const nameOf = (number: number) => `rsa-${number}`;
  return {
    async addKey() {
      priority += 1;
      const config = { priority: [String(priority)], enabled: ['true'], active: ['true'], algorithm: ['RS256'] };
      const kind = { providerId: 'rsa-generated', providerType: KEY_PROVIDER, parentId: realmId };
      await admin('POST', '/components', { name: nameOf(priority), ...kind, config });
    },
    async removeOldKeys() {
      const all = await admin<Component[]>('GET', `/components?type=${KEY_PROVIDER}`);
      const old = all.filter(({ providerId, name }) => providerId === 'rsa-generated' && name !== nameOf(priority));
      for (const { id } of old) await admin('DELETE', `/components/${id}`);
    },
  };
}

/** Creates a realm. Its name has random letters, so that a Keycloak which is already running can be used again. */
export async function createRealm(keycloak: Keycloak, title: string): Promise<Realm> {
  const name = `${title}-${randomBytes(3).toString('hex')}`;
  await keycloak.admin('POST', '/realms', { realm: name, enabled: true, sslRequired: 'none' });
  const admin: Realm['admin'] = (method, path, body) => keycloak.admin(method, `/realms/${name}${path}`, body);
  const { id: realmId } = await admin<{ id: string }>('GET', '');
  const base = `${keycloak.origin}/realms/${name}`;
  const findClient = async (clientId: string) => {
    const [client] = await admin<Json[]>('GET', `/clients?clientId=${encodeURIComponent(clientId)}`);
    if (client === undefined) throw new Error(`Keycloak has no client ${clientId}`);
    return client;
  };
  const realm: Realm = {
    name,
    issuer: base,
    metadataUrl: `${base}/protocol/saml/descriptor`,
    admin,
    ...rotate(admin, realmId),
    async addPerson(username, email, isVerified = true) {
      const credentials = [{ type: 'password', value: PASSWORD, temporary: false }];
      const names = { firstName: username, lastName: 'Example' };
      await admin('POST', '/users', {
        username,
        email,
        emailVerified: isVerified,
        enabled: true,
        ...names,
        credentials,
      });
      const [person] = await admin<{ id: string }[]>('GET', `/users?username=${username}&exact=true`);
      return person?.id ?? '';
    },
    async changePerson(id, changes) {
      const person = await admin('GET', `/users/${id}`);
      await admin('PUT', `/users/${id}`, { ...person, ...changes });
    },
    async addOidcClient(callback) {
      const attributes = { 'pkce.code.challenge.method': 'S256' };
      await admin('POST', '/clients', {
        clientId: 'vestibule',
        redirectUris: [callback],
        publicClient: false,
        attributes,
      });
      const { id, secret } = await findClient('vestibule');
      return { id: String(id), secret: String(secret) };
    },
    async importSamlClient(metadata) {
      const client = await admin<Json>('POST', '/client-description-converter', metadata);
      const attributes = { ...(client.attributes as Json), saml_name_id_format: 'persistent' };
      await admin('POST', '/clients', { ...client, attributes, protocolMappers: [EMAIL_MAPPER] });
      return String((await findClient(String(client.clientId))).id);
    },
    async changeClient(id, attributes) {
      const client = await admin<Json>('GET', `/clients/${id}`);
      await admin('PUT', `/clients/${id}`, {
        ...client,
        attributes: { ...(client.attributes as Json), ...attributes },
      });
    },
    async remove() {
      await keycloak.admin('DELETE', `/realms/${name}`);
    },
  };
  return realm;
}
