/**
 * Creates the rows with which operators sign in: their organization, the connection of their passwords, the console as
 * a public client, and the three roles. Runs at every start. It creates missing rows, and updates the parts that this
 * version of the server defines (addresses, permissions). Creates no operator: the first one is invited.
 */
import type { OrganizationMfa } from '../../domain/factors/factor.js';
import { OPERATOR_ROLES, type OperatorRole, type Operators } from '../../domain/operator-role.js';
import { assert } from '../../kernel/assert.js';
import type { Clock } from '../../kernel/clock.js';
import { type Entropy, newId, newSecret } from '../../kernel/ids.js';
import type { Directory } from '../../ports/directory.js';
import { managementAudience } from '../api/audience.js';
import { toDefaults } from '../api/fields.js';
import { newClient } from '../clients/client-wire.js';
import { TWIN_FIELDS } from '../enabled-connections/fields.js';
import { ORGANIZATION_FIELDS } from '../organizations/fields.js';
import { ROLE_FIELDS } from '../roles/fields.js';
import { OPERATOR_POWERS } from './role-scopes.js';

interface Deps {
  readonly origin: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /**
   * Whether operators need a second factor (default: no); read only when the rows are created. The operators of an older
   * server are not asked until an owner says so.
   */
  readonly operatorMfa?: OrganizationMfa;
}

/** Name of the organization and of the connection. No customer may use it. */
const NAME = 'vestibule-operators';
const CLIENT_ID = 'vestibule-console';

const ROLE_TEXTS: Readonly<Record<OperatorRole, string>> = {
  owner: 'Does everything, operators included',
  support: 'Reads, invites people, blocks them, asks what a login would do',
  viewer: 'Reads, secrets and links excepted',
};

/** Returns the addresses of the console. They begin with the server's own address. */
function consoleAddresses(origin: string) {
  return {
    callbacks: [`${origin}/console`],
    allowedLogoutUrls: [`${origin}/console`, `${origin}/console?signed_out=1`],
    // Allows the console to sign in silently in a hidden frame.
    webOrigins: [origin],
    initiateLoginUri: `${origin}/console/login`,
  };
}

function consoleClient({ origin, clock }: Deps) {
  const body = { name: 'Vestibule console', app_type: 'spa', organization_usage: 'require' as const };
  return { ...newClient(CLIENT_ID, body, clock.now()), ...consoleAddresses(origin) };
}

async function createConsole({ clients }: Directory, deps: Deps): Promise<string> {
  await clients.create(consoleClient(deps), undefined);
  return CLIENT_ID;
}

/**
 * Returns the settings without which operators cannot sign in. They are written again at each start, in case somebody
 * changed them in the database.
 */
function consoleNeeds(deps: Deps) {
  const { grantTypes, tokenEndpointAuthMethod, organizationUsage, idTokenLifetimeSeconds } = consoleClient(deps);
  const needs = { grantTypes, tokenEndpointAuthMethod, organizationUsage, idTokenLifetimeSeconds };
  return { ...needs, ...consoleAddresses(deps.origin), updatedAt: deps.clock.now() };
}

async function createConnection({ connections }: Directory, { clock, entropy }: Deps, clientId: string) {
  const now = clock.now();
  const id = newId(entropy, 'con');
  const named = { id, name: NAME, strategy: 'auth0', displayName: 'Operators' } as const;
  const settings = {
    options: { disable_signup: true },
    domainAliases: [],
    showAsButton: true,
    isDomainConnection: false,
    needsOrganization: false,
  };
  const revision = newSecret(entropy);
  await connections.create({ ...named, ...settings, metadata: {}, revision, createdAt: now, updatedAt: now }, {});
  await connections.setClients(id, [{ clientId, enabled: true }], newSecret(entropy));
  return id;
}

async function createOrganization(
  { organizations }: Directory,
  { clock, entropy, operatorMfa = 'none' }: Deps,
  connectionId: string,
) {
  const now = clock.now();
  const id = newId(entropy, 'org');
  const branding = { logoUrl: undefined, primaryColor: undefined, pageBackground: undefined };
  const settings = { ...toDefaults(ORGANIZATION_FIELDS), name: NAME, displayName: 'Operators', mfa: operatorMfa };
  await organizations.create({ ...settings, id, branding, metadata: {}, createdAt: now, updatedAt: now });
  await organizations.enable(id, connectionId, toDefaults(TWIN_FIELDS), newSecret(entropy), now);
  return id;
}

async function createRole({ members }: Directory, { clock, entropy }: Deps, role: OperatorRole): Promise<string> {
  const id = newId(entropy, 'rol');
  await members.createRole({
    ...toDefaults(ROLE_FIELDS),
    id,
    name: `Vestibule ${role}`,
    description: ROLE_TEXTS[role],
    createdAt: clock.now(),
  });
  return id;
}

async function createOperators(directory: Directory, deps: Deps): Promise<Operators> {
  const clientId = await createConsole(directory, deps);
  const connectionId = await createConnection(directory, deps, clientId);
  const organizationId = await createOrganization(directory, deps, connectionId);
  const owner = await createRole(directory, deps, 'owner');
  const support = await createRole(directory, deps, 'support');
  const viewer = await createRole(directory, deps, 'viewer');
  const operators = { organizationId, connectionId, clientId, roleIds: { owner, support, viewer } };
  await directory.operators.create(operators);
  return operators;
}

/** Creates or updates these rows in the transaction of `directory`. The rows of the Management API must exist. */
export async function ensureOperators(directory: Directory, deps: Deps): Promise<Operators> {
  const operators = (await directory.operators.find()) ?? (await createOperators(directory, deps));
  await directory.clients.update(operators.clientId, consoleNeeds(deps));
  const api = await directory.access.findResourceServer(managementAudience(deps.origin));
  assert(api, 'the Management API is there');
  for (const role of OPERATOR_ROLES)
    await directory.operators.setPermissions(operators.roleIds[role], api.id, OPERATOR_POWERS[role]);
  return operators;
}
