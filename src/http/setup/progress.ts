/**
 * The progress of a set-up: read for every page from the rows that decide, so that a page is never outdated. Reads
 * only.
 */

import { isOutdated, isPassed, isStillPassed, type Setup } from '../../domain/self-service.js';
import type { Provider } from '../../facts/providers.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { DomainRecord, EnablementRecord } from '../../ports/directory/organizations.js';
import type { SetupDeps } from './deps.js';
import { isProvedNow } from './domains-of.js';
import { offered } from './providers.js';
import type { Visit } from './session.js';

export interface SetupProgress {
  readonly provider: Provider | undefined;
  readonly connection: ConnectionRecord | undefined;
  readonly enablement: EnablementRecord | undefined;
  readonly domains: readonly DomainRecord[];
  /** Domains that lead to the connection once it is enabled. */
  readonly routed: readonly string[];
  readonly state: 'off' | 'pilot' | 'all';
  /** The settings that were typed last, or those in use, have signed somebody in. */
  readonly passed: boolean;
  /** Somebody else changed the connection after the settings were typed, or put into use. */
  readonly isOutdated: boolean;
  /** The connection works with other settings than those that were typed last. */
  readonly isChanged: boolean;
}

const MAX_DOMAINS = 50;

/** The message for settings that would undo somebody else's change. */
export const CHANGED_BY_OTHERS =
  'Somebody else changed this connection after you typed your settings. Open “Connection”, look at the values and save them again; then ' +
  'try a sign-in.';

/**
 * Returns the domains that lead people to the connection: proved ones; if the tenant asks for no domains, those that it
 * named itself for the set-up.
 */
function routedDomains({ config }: Setup, domains: readonly DomainRecord[], now: Date): readonly string[] {
  if (config.domainVerification === 'none') return config.domains;
  return domains.filter((item) => isProvedNow(item, now)).map((item) => item.domain);
}

function stateOf(enablement: EnablementRecord | undefined): SetupProgress['state'] {
  if (enablement === undefined || !enablement.isEnabled) return 'off';
  return enablement.pilotEmails.length > 0 ? 'pilot' : 'all';
}

/**
 * Returns domains that lead to other connections of the organization: setting up a second provider does not take them
 * over.
 */
async function domainsElsewhere({ directory }: SetupDeps, setup: Setup): Promise<ReadonlySet<string>> {
  const { organizations, connections } = directory;
  const { items } = await organizations.listEnablements(setup.organizationId, { isEnabled: true }, { limit: 100 });
  const others = items.filter(({ connectionId }) => connectionId !== setup.connectionId);
  const found = await Promise.all(others.map(({ connectionId }) => connections.find(connectionId)));
  return new Set(found.flatMap((connection) => connection?.domainAliases ?? []));
}

/**
 * True for settings that somebody signed in with: people, if they are in use; the administrator, if they were put into
 * use before.
 */
function isTried(setup: Setup, connection: ConnectionRecord | undefined, state: SetupProgress['state']): boolean {
  return state !== 'off' || (connection !== undefined && isStillPassed(setup, connection));
}

function isChangedByOthers(setup: Setup, connection: ConnectionRecord, state: SetupProgress['state']): boolean {
  if (setup.candidate !== undefined) return isOutdated(setup.candidate, connection);
  return state === 'off' && setup.passed !== undefined && !isStillPassed(setup, connection);
}

/** Returns everything about a set-up that its pages show. */
export async function progressOf({ deps, setup, profile }: Visit): Promise<SetupProgress> {
  const { directory } = deps;
  const connection =
    setup.connectionId === undefined ? undefined : await directory.connections.find(setup.connectionId);
  const enablement = connection && (await directory.organizations.findEnablement(setup.organizationId, connection.id));
  const { items } = await directory.organizations.listDomains(setup.organizationId, { limit: MAX_DOMAINS });
  const state = stateOf(enablement);
  const elsewhere = await domainsElsewhere(deps, setup);
  return {
    provider: offered(profile, deps.strategies).find(({ name }) => name === setup.provider),
    connection,
    enablement,
    domains: items,
    routed: routedDomains(setup, items, deps.clock.now()).filter((domain) => !elsewhere.has(domain)),
    state,
    passed: isPassed(setup) || (setup.candidate === undefined && isTried(setup, connection, state)),
    isOutdated: connection !== undefined && isChangedByOthers(setup, connection, state),
    isChanged: state !== 'off' && setup.candidate !== undefined,
  };
}

/** Returns why it cannot be enabled, as sentences; none when it can. */
export function missingFor({ setup }: Visit, progress: SetupProgress): readonly string[] {
  const missing: string[] = [];
  if (progress.isOutdated) missing.push(CHANGED_BY_OTHERS);
  else if (progress.connection === undefined || (setup.candidate === undefined && !progress.passed))
    missing.push('The connection to your provider is not set up yet.');
  else if (!progress.passed) missing.push('Nobody has tried a sign-in with these settings yet.');
  if (setup.config.domainVerification === 'required' && progress.routed.length === 0)
    missing.push('No domain is proved yet.');
  return missing;
}
