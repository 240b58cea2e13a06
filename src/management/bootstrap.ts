/**
 * Creates the rows that the Management API needs: its resource server; a machine client with every scope, if
 * environment variables name one; and the operators' rows. Runs at every start; creates or updates, never duplicates.
 * Must never turn an API that somebody else registered into the Management API.
 */
import type { OrganizationMfa } from '../domain/factors/factor.js';
import type { Clock } from '../kernel/clock.js';
import { StartError } from '../kernel/errors.js';
import { type Entropy, newId } from '../kernel/ids.js';
import type { ResourceServerRecord } from '../ports/directory/access.js';
import type { Directory, DirectoryStore } from '../ports/directory.js';
import { managementAudience } from './api/audience.js';
import { toDefaults } from './api/fields.js';
import { MANAGEMENT_SCOPES } from './api/scopes.js';
import { GRANT_FIELDS } from './client-grants/fields.js';
import { newClient } from './clients/client-wire.js';
import { ensureOperators } from './operators/bootstrap.js';
import { RESOURCE_SERVER_COLUMNS } from './resource-servers/fields.js';
import { SYSTEM_LIFETIME } from './resource-servers/system-api.js';

export interface BootstrapDeps {
  readonly origin: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Whether the operators of a new server need a second factor. */
  readonly operatorMfa?: OrganizationMfa;
}

const CLIENT_NAME = 'Management API';
/**
 * Auth0's name for this API. deploy-cli leaves an API with exactly this name alone, and would try to delete it under
 * another name.
 */
const API_NAME = 'Auth0 Management API';

/**
 * The settings of this API: people get only the scopes that their roles permit (ADR 0062), and operators' tokens can be
 * refreshed.
 */
const SERVER = {
  name: API_NAME,
  isSystem: true,
  enforcePolicies: true,
  allowOfflineAccess: true,
  // Tokens of the Management API have no claim `permissions`. With every scope in that claim, a token would be longer
  // than this server accepts.
  tokenDialect: 'access_token',
} as const;

/** Limits a token lifetime that was set before there were limits. */
const boundLifetime = (seconds: number) => Math.min(Math.max(seconds, SYSTEM_LIFETIME.least), SYSTEM_LIFETIME.most);

/** The fields of a grant that is not for organizations. All grants for this API are such grants. */
const TENANT_WIDE = { organizationUsage: undefined, allowAnyOrganization: false } as const;

const scopeRecords = () => MANAGEMENT_SCOPES.map((value) => ({ value }));

/**
 * Returns the Management API of this server's address. If the address has changed, renames the API of the former one:
 * otherwise that one could neither be used nor removed, and its client grants would be lost.
 */
async function findSystemServer(directory: Directory, identifier: string): Promise<ResourceServerRecord | undefined> {
  const existing = await directory.access.findResourceServer(identifier);
  // Attack (privilege escalation): somebody who may register APIs registers the server's future address, grants the API
  // to a client, and waits until the server moves there. Such grants must not become grants of the Management API.
  if (existing?.isSystem === false)
    throw new StartError(
      `VESTIBULE_URL makes ${identifier} the Management API, and an API with this identifier is registered in the tenant (${existing.id}): delete it (start with the former address to do so), or choose another address`,
    );
  if (existing !== undefined) return existing;
  const [former] = await directory.access.listSystemServersBeside(identifier);
  if (former !== undefined) await directory.access.renameResourceServer(former, identifier);
  return former;
}

async function ensureResourceServer(directory: Directory, deps: BootstrapDeps): Promise<void> {
  const identifier = managementAudience(deps.origin);
  const existing = await findSystemServer(directory, identifier);
  if (existing !== undefined) {
    const tokenLifetimeSeconds = boundLifetime(existing.tokenLifetimeSeconds);
    await directory.access.updateResourceServer(existing.id, {
      ...SERVER,
      tokenLifetimeSeconds,
      scopes: scopeRecords(),
    });
    return;
  }
  await directory.access.createResourceServer({
    ...toDefaults(RESOURCE_SERVER_COLUMNS),
    id: deps.entropy.bytes(12).toString('hex'),
    identifier,
    ...SERVER,
    scopes: scopeRecords(),
    extra: {},
    createdAt: deps.clock.now(),
  });
}

/**
 * Sets the client's grant for the Management API to `scopes`. The grant is for the client's own tokens, or for those of
 * people.
 */
async function ensureGrant(
  directory: Directory,
  deps: BootstrapDeps,
  clientId: string,
  subjectType: 'client' | 'user',
): Promise<void> {
  const audience = managementAudience(deps.origin);
  const { items } = await directory.access.listGrants({ clientId, audience, subjectType }, { limit: 1 });
  const [existing] = items;
  if (existing !== undefined) {
    await directory.access.updateGrant(existing.id, { ...TENANT_WIDE, scopes: MANAGEMENT_SCOPES });
    return;
  }
  await directory.access.createGrant({
    ...toDefaults(GRANT_FIELDS),
    id: newId(deps.entropy, 'cgr'),
    clientId,
    audience,
    subjectType,
    scopes: MANAGEMENT_SCOPES,
    createdAt: deps.clock.now(),
  });
}

async function ensureClient(
  directory: Directory,
  deps: BootstrapDeps,
  client: { id: string; secret: string },
): Promise<void> {
  const now = deps.clock.now();
  const body = { name: CLIENT_NAME, app_type: 'non_interactive', grant_types: ['client_credentials'] };
  if ((await directory.clients.find(client.id)) === undefined) {
    await directory.clients.create(newClient(client.id, body, now), client.secret);
  } else {
    await directory.clients.update(client.id, {
      tokenEndpointAuthMethod: 'client_secret_post',
      authenticationCredentials: [],
      grantTypes: body.grant_types,
      updatedAt: now,
    });
    await directory.clients.replaceSecret(client.id, client.secret, now);
  }
  await ensureGrant(directory, deps, client.id, 'client');
}

/** Creates the rows that are missing in the store. Runs at a start, with the settings of the server. */
export type EnsureRows = (
  store: DirectoryStore,
  deps: BootstrapDeps,
  client: { readonly id: string; readonly secret: string } | undefined,
) => Promise<void>;

/**
 * Runs `work` in a transaction, and once more if it fails: two nodes that start at the same time may both create a row,
 * and one gets a Conflict.
 */
async function inTransaction(store: DirectoryStore, work: (directory: Directory) => Promise<void>): Promise<void> {
  try {
    await store.transaction(work);
  } catch (error) {
    if (error instanceof StartError) throw error;
    await store.transaction(work);
  }
}

async function ensureApi(directory: Directory, deps: BootstrapDeps, client: Parameters<EnsureRows>[2]): Promise<void> {
  await ensureResourceServer(directory, deps);
  if (client !== undefined) await ensureClient(directory, deps, client);
}

/**
 * Creates the rows of the Management API only: its resource server and, if given, the machine client with a grant of
 * every scope. Idempotent. A tenant with only these has no operators, so no person can administer it.
 */
export const ensureApiRows: EnsureRows = (store, deps, client) =>
  inTransaction(store, (directory) => ensureApi(directory, deps, client));

/** Creates the rows of the Management API, and those of the operators. Idempotent. */
export const ensureSystemRows: EnsureRows = (store, deps, client) =>
  inTransaction(store, async (directory) => {
    await ensureApi(directory, deps, client);
    const { clientId } = await ensureOperators(directory, deps);
    await ensureGrant(directory, deps, clientId, 'user');
  });
