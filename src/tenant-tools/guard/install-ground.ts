/** Reads the state of the tenant before `guard install` changes anything. Never writes. */
import type { Json } from '../remote/exchange.js';
import type { RemoteTenant } from '../remote/tenant.js';
import { GuardError } from './guard-error.js';
import { ACTION_NAME, ACTION_TRIGGER, type GuardSettings, type GuardTexts, MARK_ROLE } from './settings.js';
import type { Binding, GuardState } from './state-file.js';
import {
  type EnabledConnection,
  getOrganization,
  isEnterprise,
  listEnabledConnections,
  listMembers,
  listOf,
  type Organization,
  textOf,
} from './tenant-reads.js';

/** The guard's Action as the tenant stores it now. */
export interface PresentAction {
  readonly id: string;
  readonly code: string;
  readonly dependencies: readonly Json[];
  readonly runtime: string;
  readonly secretNames: readonly string[];
  readonly isDeployed: boolean;
  readonly settings: GuardSettings;
}

/** The administrator's choices for the installation. */
export interface InstallOrder {
  readonly organization: string;
  /** Names or ids of connections. */
  readonly connections: readonly string[];
  readonly domains: readonly string[];
  readonly autoMembership: boolean;
  /** Sentences for people who sign in, where they replace the current ones. */
  readonly texts: Partial<GuardTexts>;
  /** Values of the Action's secrets, sent to the tenant and nowhere else. */
  readonly secrets: Readonly<Record<'DOMAIN' | 'CLIENT_ID' | 'CLIENT_SECRET', string>>;
  readonly renewSecrets: boolean;
  /** When the present members are marked as let in: at the first installation, again now, or never. */
  readonly marking: 'first' | 'again' | 'never';
  /** Milliseconds until the tenant's log shows what has already happened. */
  readonly settleMs: number;
  readonly now: Date;
}

export interface InstallGround {
  readonly organization: Organization;
  readonly connections: readonly EnabledConnection[];
  readonly action: PresentAction | undefined;
  readonly roleId: string | undefined;
  readonly bindings: readonly Binding[];
  /** Members without any role, if they will be marked. */
  readonly unmarked: readonly string[];
  readonly willMark: boolean;
  readonly state: GuardState | undefined;
}

const SETTINGS_START = '\nconst SETTINGS = ';
const SETTINGS_END = '\n};\n';

function parseSettings(code: string): GuardSettings | undefined {
  if (!code.startsWith('/**\n * Vestibule guard, post-login.')) return undefined;
  const start = code.indexOf(SETTINGS_START);
  const end = code.indexOf(SETTINGS_END, start);
  if (start === -1 || end === -1) return undefined;
  try {
    // The end marker begins with a line break and the closing brace.
    return JSON.parse(code.slice(start + SETTINGS_START.length, end + 2)) as GuardSettings;
  } catch {
    return undefined;
  }
}

/** Finds the guard's Action by its name. Throws {@link GuardError} if the Action of that name is somebody else's. */
export async function findGuardAction(tenant: RemoteTenant): Promise<PresentAction | undefined> {
  const path = `/actions/actions?actionName=${encodeURIComponent(ACTION_NAME)}&per_page=50&page=0`;
  const found = listOf(await tenant.get(path), 'actions', 'GET /actions/actions').find(
    (item) => textOf(item, 'name') === ACTION_NAME,
  );
  if (found === undefined) return undefined;
  const id = textOf(found, 'id');
  const action = (await tenant.get(`/actions/actions/${encodeURIComponent(id)}`)) as Json;
  const code = textOf(action, 'code');
  const settings = parseSettings(code);
  if (settings === undefined) {
    throw new GuardError(
      'use',
      `The tenant has an Action named ${JSON.stringify(ACTION_NAME)} that the guard did not write, or that was changed.`,
      'Rename it, or delete it once nothing needs it.',
    );
  }
  return {
    id,
    code,
    settings,
    dependencies: listOf(action.dependencies ?? [], 'dependencies', 'GET action'),
    runtime: textOf(action, 'runtime'),
    secretNames: listOf(action.secrets ?? [], 'secrets', 'GET action').map((secret) => textOf(secret, 'name')),
    isDeployed: action.all_changes_deployed === true,
  };
}

/** Lists the bindings of post-login in their order. */
export async function listBindings(tenant: RemoteTenant): Promise<readonly Binding[]> {
  const path = `/actions/triggers/${ACTION_TRIGGER.id}/bindings`;
  const items = listOf(await tenant.get(`${path}?per_page=50&page=0`), 'bindings', `GET ${path}`);
  return items.map((item) => ({
    actionId: textOf((item.action ?? {}) as Json, 'id'),
    displayName: textOf(item, 'display_name'),
  }));
}

/** Finds the id of the role that marks memberships. */
export async function findMarkRole(tenant: RemoteTenant): Promise<string | undefined> {
  const path = `/roles?name_filter=${encodeURIComponent(MARK_ROLE.name)}&per_page=50&page=0`;
  const roles = listOf(await tenant.get(path), 'roles', 'GET /roles');
  const role = roles.find((item) => textOf(item, 'name') === MARK_ROLE.name);
  return role === undefined ? undefined : textOf(role, 'id');
}

function getConnection(
  enabled: readonly EnabledConnection[],
  wanted: string,
  organization: Organization,
): EnabledConnection {
  const connection = enabled.find(({ id, name }) => id === wanted || name === wanted);
  if (connection === undefined) {
    throw new GuardError(
      'use',
      `The connection ${JSON.stringify(wanted)} is not enabled for ${organization.name}.`,
      `Enabled are: ${enabled.map(({ name }) => name).join(', ') || 'none'}.`,
    );
  }
  if (isEnterprise(connection.strategy)) return connection;
  throw new GuardError(
    'use',
    `The connection ${connection.name} is of the kind ${connection.strategy}, not an enterprise connection.`,
    'The guard is for connections to identity providers of companies.',
  );
}

/**
 * Refuses to leave out a connection that is guarded now and makes everybody a member: nothing would guard it any more.
 */
function checkNoneLeftOut(
  organization: Organization,
  enabled: readonly EnabledConnection[],
  named: readonly EnabledConnection[],
  action: PresentAction | undefined,
): void {
  const watched = action?.settings.organizations.find(({ id }) => id === organization.id)?.connections ?? [];
  const leftOut = enabled.find((one) => one.autoMembership && watched.includes(one.id) && !named.includes(one));
  if (leftOut === undefined) return;
  throw new GuardError(
    'use',
    `${leftOut.name} has auto-membership in ${organization.name} and is guarded: without it in the command it would not be any more.`,
    `Add --connection ${leftOut.name}, or switch its auto-membership off first.`,
  );
}

/**
 * Reads everything that an installation depends on. Throws {@link GuardError} where the order cannot be carried out.
 */
export async function readGround(
  tenant: RemoteTenant,
  order: InstallOrder,
  state: GuardState | undefined,
): Promise<InstallGround> {
  const organization = await getOrganization(tenant, order.organization);
  const enabled = await listEnabledConnections(tenant, organization);
  const connections = order.connections.map((wanted) => getConnection(enabled, wanted, organization));
  const action = await findGuardAction(tenant);
  checkNoneLeftOut(organization, enabled, connections, action);
  const isMarked = state?.uninstalledAt === undefined && state?.marked.includes(organization.id) === true;
  const willMark = order.marking === 'again' || (order.marking === 'first' && !isMarked);
  const unmarked: string[] = [];
  if (willMark) {
    for await (const member of listMembers(tenant, organization)) {
      if (member.roles.length === 0) unmarked.push(member.userId);
    }
  }
  return {
    organization,
    connections,
    action,
    roleId: await findMarkRole(tenant),
    bindings: await listBindings(tenant),
    unmarked,
    willMark,
    state,
  };
}
