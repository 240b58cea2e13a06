/**
 * `/organizations/{id}/enabled_connections` and the newer `/organizations/{id}/connections`. Both show the same rows;
 * the newer shows more properties. Each write gives the row a new revision, so that a login in progress that has read
 * the old row is refused.
 */

import { parseCondition } from '../../domain/companies/membership-condition.js';
import { parseEmail } from '../../domain/people/email.js';
import { newSecret } from '../../kernel/ids.js';
import type { EnablementRecord } from '../../ports/directory/organizations.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, noConnection, noConnectionOfOrganization } from '../api/errors.js';
import { toChanges, toDefaults } from '../api/fields.js';
import type { Call, Operation } from '../api/operation.js';
import { orConflict, replyOf, rowsOf, type View, viewOf } from '../api/wire.js';
import { checkAutoMembership, checkMayUse } from '../connections/connection-of-customer.js';
import { checkStrategy } from '../connections/connection-options.js';
import { getOrganization } from '../organizations/organization-of-path.js';
import { keepWaysIn } from '../organizations/ways-in.js';
import { getEnablement } from './enablement-of-path.js';
import { ENABLEMENT_FIELDS, type EnablementChanges, type EnablementSettings, TWIN_FIELDS } from './fields.js';

export interface EnablementBody extends EnablementChanges {
  readonly connection_id: string;
}

const DEFAULTS = toDefaults(TWIN_FIELDS);

/** A connection of an organization as `/enabled_connections` shows it. */
export const ENABLEMENT = viewOf<EnablementRecord>({
  connection_id: ['string', ({ connectionId }) => connectionId],
  connection: [
    replyOf({ name: 'string', strategy: 'string' }),
    ({ connectionName, strategy }) => ({ name: connectionName, strategy }),
  ],
  ...rowsOf(ENABLEMENT_FIELDS),
});
/** A connection of an organization as the newer endpoint `/connections` shows it. */
const TWIN = viewOf<EnablementRecord>({ ...ENABLEMENT.rows, ...rowsOf(TWIN_FIELDS) });

/**
 * Returns the changes in a request, with the addresses of the pilot group normalised. Throws 400 for an invalid
 * address.
 */
function readChanges(body: EnablementChanges): Partial<EnablementSettings> {
  const changes = toChanges(TWIN_FIELDS, body);
  if (changes.pilotEmails === undefined) return changes;
  const emails = changes.pilotEmails.map((text) => {
    const email = parseEmail(text);
    if (email === undefined) throw badBody(`pilot_emails: ${JSON.stringify(text).slice(0, 100)} is not an address.`);
    return email;
  });
  return { ...changes, pilotEmails: [...new Set(emails)] };
}

function checkSettings(settings: EnablementSettings, strategy: EnablementRecord['strategy']): void {
  if (settings.isSignupEnabled && !(strategy === 'auth0' && settings.assignMembershipOnLogin)) {
    throw badBody('Only database connections with assign_membership_on_login = true support is_signup_enabled = true.');
  }
  if (settings.ssoRollout === 'required' && strategy === 'auth0') {
    throw badBody('sso_rollout = required needs a connection to an identity provider, not a database connection.');
  }
  if (settings.pilotEmails.length > 0 && strategy === 'auth0') {
    throw badBody('pilot_emails needs a connection to an identity provider, not a database connection.');
  }
  const condition = settings.autoMembershipCondition;
  const parsed = condition === undefined ? undefined : parseCondition(condition);
  if (parsed !== undefined && 'error' in parsed) {
    throw badBody(`auto_membership_condition is not a usable expression: ${parsed.error}`);
  }
}

/**
 * Throws 400 for a level that customers cannot have: any at a database, and `full` at a connection that several
 * organizations use. Attack: administrators of one customer change where the people of another sign in. A connection
 * that an organization did not make itself is `limited` for it at most, whatever its level.
 */
async function checkAccessLevel(
  { connections, organizations }: Call['directory'],
  { organizationAccessLevel: level }: Partial<EnablementSettings>,
  { organizationId, connectionId, strategy }: Pick<EnablementRecord, 'organizationId' | 'connectionId' | 'strategy'>,
): Promise<void> {
  if (level === undefined || level === 'none') return;
  if (strategy === 'auth0')
    throw badBody('organization_access_level needs a connection to an identity provider, not a database connection.');
  if (level !== 'full') return;
  // Two organizations that get it at once wait for each other here.
  await connections.findForUpdate(connectionId);
  const users = await organizations.listOrganizationsOf(connectionId);
  if (users.some((id) => id !== organizationId))
    throw badBody(
      'organization_access_level: other organizations use this connection, so one cannot change all of it.',
    );
}

/** Enables a connection for an organization. Throws 404 for an unknown connection, 409 when it is enabled already. */
export async function enable(
  deps: ManagementDeps,
  call: Pick<Call, 'caller' | 'directory' | 'now'>,
  organizationId: string,
  body: EnablementBody,
): Promise<EnablementRecord> {
  // Locked, so that a customer cannot get the connection while another organization adds it.
  const connection = await call.directory.connections.findForUpdate(body.connection_id);
  if (connection === undefined) throw noConnection();
  checkMayUse(connection, organizationId);
  checkStrategy(deps, connection.strategy);
  const settings: EnablementSettings = { ...DEFAULTS, ...readChanges(body) };
  checkSettings(settings, connection.strategy);
  await checkAutoMembership(call, connection, { ...settings, organizationId });
  const { organizations } = call.directory;
  const place = { organizationId, connectionId: connection.id, strategy: connection.strategy };
  await checkAccessLevel(call.directory, settings, place);
  await orConflict(
    'The organization connection already exists.',
    organizations.enable(organizationId, connection.id, settings, newSecret(deps.entropy), call.now),
  );
  return {
    ...settings,
    organizationId,
    connectionId: connection.id,
    connectionName: connection.name,
    strategy: connection.strategy,
    createdAt: call.now,
  };
}

/** Checks auto-membership that this change turns on; one that is on already stays on. */
async function checkTurnedOn(call: Call, before: EnablementRecord, changes: Partial<EnablementSettings>) {
  if (changes.assignMembershipOnLogin !== true || before.assignMembershipOnLogin) return;
  const connection = await call.directory.connections.find(before.connectionId);
  if (connection) await checkAutoMembership(call, connection, { ...before, ...changes });
}

async function update(deps: ManagementDeps, call: Call): Promise<EnablementRecord> {
  const before = await getEnablement(call);
  const changes = readChanges(call.body as EnablementChanges);
  checkSettings({ ...before, ...changes }, before.strategy);
  await checkAccessLevel(call.directory, changes, before);
  await checkTurnedOn(call, before, changes);
  const { organizations } = call.directory;
  const revision = newSecret(deps.entropy);
  const { organizationId, connectionId } = before;
  const write = () => organizations.updateEnablement(organizationId, connectionId, changes, revision);
  const after = await keepWaysIn(call.directory, { organizationId }, write);
  if (after === undefined) throw noConnectionOfOrganization();
  return after;
}

async function remove(call: Call) {
  const found = await getEnablement(call);
  const { organizationId, connectionId } = found;
  const connection = await call.directory.connections.find(connectionId);
  await keepWaysIn(call.directory, { organizationId }, () =>
    call.directory.organizations.disable(organizationId, connectionId),
  );
  // Attack: sessions of a provider that a customer detached count again when an operator gives it back (ADR 0105).
  if (connection?.managedByOrganization !== undefined) await call.directory.users.endAccessOf(connectionId);
  return { log: { connectionId: found.connectionId } };
}

interface Family {
  readonly base: string;
  readonly parameter: string;
  readonly key: string;
  readonly view: View<EnablementRecord>;
}

function familyOperations(deps: ManagementDeps, family: Family): Operation[] {
  const { base } = family;
  const { show, schema: reply } = family.view;
  const one = `${base}/{${family.parameter}}`;
  return [
    {
      method: 'get',
      path: base,
      summary: 'List the connections of an organization',
      reply,
      list: { key: family.key, checkpoint: false },
      refusals: [404],
      async run(call) {
        const organization = await getOrganization(call);
        const filter = typeof call.query.is_enabled === 'boolean' ? { isEnabled: call.query.is_enabled } : {};
        const page = await call.directory.organizations.listEnablements(organization.id, filter, call.paging.request);
        return { page: { ...page, items: page.items.map(show) } };
      },
    },
    {
      method: 'post',
      path: base,
      summary: 'Enable a connection for an organization',
      status: 201,
      reply,
      refusals: [404, 409],
      async run(call) {
        const organization = await getOrganization(call);
        const record = await enable(deps, call, organization.id, call.body as EnablementBody);
        return { body: show(record), log: { connectionId: record.connectionId } };
      },
    },
    {
      method: 'get',
      path: one,
      summary: 'Get a connection of an organization',
      reply,
      refusals: [404],
      run: async (call) => ({ body: show(await getEnablement(call)) }),
    },
    {
      method: 'patch',
      path: one,
      summary: 'Change how an organization uses a connection',
      reply,
      refusals: [404, 409],
      async run(call) {
        const record = await update(deps, call);
        return { body: show(record), log: { connectionId: record.connectionId } };
      },
    },
    {
      method: 'delete',
      path: one,
      summary: 'Take a connection from an organization',
      refusals: [404, 409],
      run: remove,
    },
  ];
}

/**
 * Returns the operations on `/organizations/{id}/enabled_connections` and the newer `/connections`: the same data in
 * two shapes.
 */
export function enablementOperations(deps: ManagementDeps): Operation[] {
  return [
    ...familyOperations(deps, {
      base: '/organizations/{id}/enabled_connections',
      parameter: 'connectionId',
      key: 'enabled_connections',
      view: ENABLEMENT,
    }),
    ...familyOperations(deps, {
      base: '/organizations/{id}/connections',
      parameter: 'connection_id',
      key: 'connections',
      view: TWIN,
    }),
  ];
}
