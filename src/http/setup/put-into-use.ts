/**
 * The writes that affect people: tried settings become the connection's, and the connection is enabled for a pilot
 * group, for all, or disabled. Checks at the moment of the write that exactly these settings have signed somebody in (a
 * typing error would lock a company out).
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
 * Throws when another organization uses the connection by now. Attack: one customer's administrator changes the sign-in
 * of another customer's people.
 */
export async function checkIsTheirs({ deps, setup }: Visit, connectionId: string): Promise<void> {
  const others = await deps.directory.organizations.listOrganizationsOf(connectionId);
  if (others.some((id) => id !== setup.organizationId))
    throw new ManagementError(409, 'Another organization uses this connection too, so it cannot be changed from here.');
}

/** Sets the connection's domains to those that lead people to it, but only while people use the connection. */
export async function putAliases(visit: Visit, { connection, state, routed }: SetupProgress): Promise<void> {
  const { deps, actor } = visit;
  if (connection === undefined || state === 'off') return;
  const { domainAliases } = connection;
  if (domainAliases.length === routed.length && routed.every((one) => domainAliases.includes(one))) return;
  await checkIsTheirs(visit, connection.id);
  // Auth0 replaces options as a whole. The stored secret stays, since no address changes.
  await deps.invoke(actor, 'patch /connections/{id}', {
    params: { id: connection.id },
    query: { options_revision: toOptionsRevision(connection) },
    body: { options: { ...connection.options, domain_aliases: routed } },
  });
}

/** Replaces the options that were read. Returns the digest of the stored ones. */
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

/** Reads the tried settings at the moment of the write. Throws {@link ManagementError}. */
async function getTried({ deps, setup }: Visit): Promise<Candidate> {
  const now = await deps.directory.selfService.findSetup(setup.id);
  // Two windows: other settings were typed in the second one since this page was drawn.
  if (now === undefined || !isPassed(now.setup) || now.setup.candidate === undefined)
    throw new ManagementError(
      409,
      'The settings were changed meanwhile and have not been tried yet. Try a sign-in again.',
    );
  return now.setup.candidate;
}

/**
 * Makes the tried settings those of the connection. Throws when somebody else changed it after they were typed: the
 * options are replaced as a whole, which would undo that change.
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
 * Gives a connection without settings those that signed somebody in: a directory's people must belong to a provider.
 * Sends nobody there (no domain, no application), and keeps the settings in the set-up until the connection is enabled.
 * Throws {@link ManagementError}.
 */
export async function putFirstSettings(visit: Visit, { connection, enablement }: SetupProgress): Promise<void> {
  const { deps, setup } = visit;
  if (connection === undefined || enablement !== undefined || soleIssuer(connection) !== undefined) return;
  const tried = await getTried(visit);
  const base = await replaceOptions(visit, connection, tried.options, []);
  await deps.directory.transaction(async (directory) => {
    const now = await directory.selfService.findSetupForUpdate(setup.id);
    // Typed again meanwhile: the settings of the other window are not replaced by those that were tried here.
    if (now?.candidate === undefined || digestOf(now.candidate) !== digestOf(tried)) return;
    // This write changed the connection, so the settings in the set-up now belong to the changed one.
    const candidate = { ...tried, base };
    await directory.selfService.updateSetup(setup, { candidate, passed: digestOf(candidate) });
  });
}

/**
 * Adds the connection to the organization, disabled: the roles for groups belong to it. Its first settings are those of
 * the ticket. Throws {@link ManagementError} when another organization uses the connection.
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

/** Enables the connection for `pilot`, or for everybody when it is empty. */
export async function switchOn(visit: Visit, progress: SetupProgress, pilot: readonly string[]): Promise<void> {
  const { deps, setup, actor } = visit;
  const { connection } = progress;
  if (connection === undefined) throw new ManagementError(409, 'The connection to your provider is not set up yet.');
  await checkIsTheirs(visit, connection.id);
  await putSettings(visit, progress);
  await ensureEnablement(visit, progress);
  const params = { id: setup.organizationId, connection_id: connection.id };
  const pilot_emails = pilot.length > 0 ? pilot : null;
  // Leaves the enablement's other settings unchanged: they may be the operator's (a condition, break-glass people).
  await deps.invoke(actor, `patch ${ENABLEMENT}`, { params, body: { is_enabled: true, pilot_emails } });
}

/** Disables the connection for the organization: people sign in as they did before. Its settings are kept. */
export async function switchOff(
  { deps, setup, actor }: Visit,
  { connection, enablement }: SetupProgress,
): Promise<void> {
  if (connection === undefined || enablement === undefined) return;
  const params = { id: setup.organizationId, connection_id: connection.id };
  await deps.invoke(actor, `patch ${ENABLEMENT}`, { params, body: { is_enabled: false } });
}
