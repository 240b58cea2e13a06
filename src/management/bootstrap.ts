/**
 * Creates the rows without which nobody can call the Management API: its resource server, and, when the environment names one, a machine
 * client with every scope. Run at every start; creates or brings up to date, never adds a second one.
 */
import type { Clock } from '../kernel/clock.js';
import { type Entropy, newId } from '../kernel/ids.js';
import type { Directory, DirectoryStore } from '../ports/directory.js';
import { managementAudience } from './api/audience.js';
import { toDefaults } from './api/fields.js';
import { MANAGEMENT_SCOPES } from './api/scopes.js';
import { GRANT_FIELDS } from './client-grants/fields.js';
import { newClient } from './clients/client-wire.js';
import { RESOURCE_SERVER_COLUMNS } from './resource-servers/fields.js';

export interface BootstrapDeps {
  readonly origin: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

const NAME = 'Management API';

const scopeRecords = () => MANAGEMENT_SCOPES.map((value) => ({ value }));

async function ensureResourceServer(directory: Directory, deps: BootstrapDeps): Promise<void> {
  const identifier = managementAudience(deps.origin);
  const existing = await directory.access.findResourceServer(identifier);
  if (existing !== undefined) {
    await directory.access.updateResourceServer(existing.id, { name: NAME, scopes: scopeRecords(), isSystem: true });
    return;
  }
  await directory.access.createResourceServer({
    ...toDefaults(RESOURCE_SERVER_COLUMNS),
    id: deps.entropy.bytes(12).toString('hex'),
    identifier,
    name: NAME,
    scopes: scopeRecords(),
    isSystem: true,
    extra: {},
    createdAt: deps.clock.now(),
  });
}

async function ensureClient(
  directory: Directory,
  deps: BootstrapDeps,
  client: { id: string; secret: string },
): Promise<void> {
  const now = deps.clock.now();
  const body = { name: NAME, app_type: 'non_interactive', grant_types: ['client_credentials'] };
  if ((await directory.clients.find(client.id)) === undefined) {
    await directory.clients.create(newClient(client.id, body, now), client.secret);
  } else {
    await directory.clients.update(client.id, {
      tokenEndpointAuthMethod: 'client_secret_post',
      grantTypes: body.grant_types,
      updatedAt: now,
    });
    await directory.clients.replaceSecret(client.id, client.secret, now);
  }
  const audience = managementAudience(deps.origin);
  const grants = await directory.access.listGrants(
    { clientId: client.id, audience, subjectType: 'client' },
    { limit: 1 },
  );
  const [existing] = grants.items;
  if (existing !== undefined) {
    await directory.access.updateGrant(existing.id, { scopes: MANAGEMENT_SCOPES });
    return;
  }
  await directory.access.createGrant({
    ...toDefaults(GRANT_FIELDS),
    id: newId(deps.entropy, 'cgr'),
    clientId: client.id,
    audience,
    scopes: MANAGEMENT_SCOPES,
    createdAt: now,
  });
}

/**
 * Makes the rows that the Management API needs: its resource server and, if given, the machine client with a grant of every
 * scope. Idempotent; two nodes that start at once may make one of them fail with a Conflict, so it is tried once more.
 */
export async function ensureSystemRows(
  store: DirectoryStore,
  deps: BootstrapDeps,
  client: { readonly id: string; readonly secret: string } | undefined,
): Promise<void> {
  const run = () =>
    store.transaction(async (directory) => {
      await ensureResourceServer(directory, deps);
      if (client !== undefined) await ensureClient(directory, deps, client);
    });
  try {
    await run();
  } catch {
    await run();
  }
}
