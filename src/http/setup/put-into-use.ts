/**
 * The changes by a set-up that affect people: the tried settings become those of the connection; the connection is
 * enabled for a pilot group or for all, or disabled. Each change checks that somebody has signed in with exactly these
 * settings, because a typing error would lock a company out.
 */
import { soleIssuer } from '../../domain/companies/idp-destination.js';
import { type Candidate, digestOf, isPassed, settingsDigestOf } from '../../domain/self-service.js';
import { ManagementError } from '../../management/api/errors.js';
import { toOptionsRevision } from '../../management/connections/options-revision.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import { CHANGED_BY_OTHERS, type SetupProgress } from './progress.js';
import type { Visit } from './session.js';

const ENABLEMENT = '/organizations/{id}/connections/{connection_id}';

/**
 * Throws when another organization uses the connection meanwhile. Attack: one customer's administrator changes the
 * sign-in of another customer's people.
 */
export async function checkIsTheirs({ deps, setup }: Visit, connectionId: string): Promise<void> {
  const others = await deps.directory.organizations.listOrganizationsOf(connectionId);
  if (others.some((id) => id !== setup.organizationId))
    throw new ManagementError(409, 'Another organization uses this connection too, so it cannot be changed from here.');
}

/** Sets the connection's domains to those that should lead to it. Does nothing while the connection is disabled. */
export async function putAliases(visit: Visit, { connection, state, routed }: SetupProgress): Promise<void> {
  const { deps, actor } = visit;
  if (connection === undefined || state === 'off') return;
  const { domainAliases } = connection;
  if (domainAliases.length === routed.length && routed.every((one) => domainAliases.includes(one))) return;
  await checkIsTheirs(visit, connection.id);
  // The whole `options` must be sent, because a PATCH replaces them, as on Auth0. The stored secret is kept, since no
  // address changes.
  await deps.invoke(actor, 'patch /connections/{id}', {
    params: { id: connection.id },
    query: { options_revision: toOptionsRevision(connection) },
    body: { options: { ...connection.options, domain_aliases: routed } },
  });
}

/**
 * Replaces the options of the connection, unless somebody changed them since `connection` was read. Returns the digest
 * of the stored options.
 */
async function replaceOptions(
  { deps, actor }: Visit,
  connection: ConnectionRecord,
  options: Readonly<Record<string, unknown>>,
  enabledClients: readonly string[],
): Promise<string> {
  try {
    const stored = await deps.invoke(actor, 'patch /connections/{id}', {
      params: { id: connection.id },
      query: { options_revision: toOptionsRevision(connection) },
      body: { options, ...(enabledClients.length > 0 && { enabled_clients: enabledClients }) },
    });
    return settingsDigestOf({ strategy: connection.strategy, options: (stored as ConnectionRecord).options });
  } catch (error) {
    if (!(error instanceof ManagementError) || error.errorCode !== 'options_changed') throw error;
    throw new ManagementError(409, CHANGED_BY_OTHERS);
  }
}

/** Reads the settings again, and returns them if they passed a trial. Throws {@link ManagementError} if not. */
async function getTried({ deps, setup }: Visit): Promise<Candidate> {
  const now = await deps.directory.selfService.findSetup(setup.id);
  // With two windows, the second one may have typed other settings since this page was sent.
  if (now === undefined || !isPassed(now.setup) || now.setup.candidate === undefined)
    throw new ManagementError(
      409,
      'The settings were changed meanwhile and have not been tried yet. Try a sign-in again.',
    );
  return now.setup.candidate;
}

/**
 * Makes the tried settings those of the connection. Throws when somebody else changed the connection after they were
 * typed: the options are replaced as a whole, which would undo that change.
 */
async function putSettings(visit: Visit, { connection, routed }: SetupProgress): Promise<void> {
  const { deps, setup } = visit;
  if (connection === undefined || setup.candidate === undefined) return;
  const { options } = await getTried(visit);
  const { enabledClients } = setup.config;
  const passed = await replaceOptions(visit, connection, { ...options, domain_aliases: routed }, enabledClients);
  await deps.directory.transaction((directory) =>
    directory.selfService.updateSetup(setup, { candidate: undefined, passed }),
  );
}

/**
 * Gives a connection without settings the tried ones, because people who a directory provisions must belong to one
 * identity provider. No sign-in uses the connection yet: it has no domain and no application. The settings also stay in
 * the set-up until the connection is enabled. Throws {@link ManagementError}.
 */
export async function putFirstSettings(visit: Visit, { connection, enablement }: SetupProgress): Promise<void> {
  const { deps, setup } = visit;
  if (connection === undefined || enablement !== undefined || soleIssuer(connection) !== undefined) return;
  const tried = await getTried(visit);
  const base = await replaceOptions(visit, connection, tried.options, []);
  await deps.directory.transaction(async (directory) => {
    const now = await directory.selfService.findSetupForUpdate(setup.id);
    // Somebody typed other settings in another window meanwhile; those are kept.
    if (now?.candidate === undefined || digestOf(now.candidate) !== digestOf(tried)) return;
    // The write above changed the connection, so the pending settings must now be based on the changed one.
    const candidate = { ...tried, base };
    await directory.selfService.updateSetup(setup, { candidate, passed: digestOf(candidate) });
  });
}

/**
 * Adds the connection to the organization, because the roles for groups are stored with that. The connection is still
 * disabled there. Its first settings are those of the ticket. Throws {@link ManagementError} when another organization uses
 * the connection.
 */
export async function ensureEnablement(visit: Visit, { connection, enablement }: SetupProgress): Promise<void> {
  const { deps, setup, actor } = visit;
  if (connection === undefined || enablement !== undefined) return;
  await checkIsTheirs(visit, connection.id);
  await deps.invoke(actor, 'post /organizations/{id}/connections', {
    params: { id: setup.organizationId },
    body: {
      connection_id: connection.id,
      assign_membership_on_login: setup.config.assignMembershipOnLogin,
      show_as_button: setup.config.showAsButton,
      is_enabled: false,
    },
  });
}

/** Enables the connection for the addresses in `pilot`, or for everybody when it is empty. */
export async function switchOn(visit: Visit, progress: SetupProgress, pilot: readonly string[]): Promise<void> {
  const { deps, setup, actor } = visit;
  const { connection } = progress;
  if (connection === undefined) throw new ManagementError(409, 'The connection to your provider is not set up yet.');
  await checkIsTheirs(visit, connection.id);
  await putSettings(visit, progress);
  await ensureEnablement(visit, progress);
  const params = { id: setup.organizationId, connection_id: connection.id };
  const pilot_emails = pilot.length > 0 ? pilot : null;
  // Leaves the other settings unchanged: an operator may have set them (a condition, break-glass people).
  await deps.invoke(actor, `patch ${ENABLEMENT}`, { params, body: { is_enabled: true, pilot_emails } });
}

/** Disables the connection for the organization, so that people sign in as they did before. Keeps its settings. */
export async function switchOff(
  { deps, setup, actor }: Visit,
  { connection, enablement }: SetupProgress,
): Promise<void> {
  if (connection === undefined || enablement === undefined) return;
  const params = { id: setup.organizationId, connection_id: connection.id };
  await deps.invoke(actor, `patch ${ENABLEMENT}`, { params, body: { is_enabled: false } });
}
