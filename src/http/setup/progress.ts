/**
 * The progress of a customer's set-up. Every page reads it from the rows that decide, so that no page is outdated.
 * Reads only.
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
  /** Domains whose addresses lead to the connection once it is enabled. */
  readonly routed: readonly string[];
  readonly state: 'off' | 'pilot' | 'all';
  /**
   * True when somebody has signed in with the settings that were typed last or, if none are pending, with those in use.
   */
  readonly passed: boolean;
  /** True when somebody else changed the connection after the settings were typed or put into use. */
  readonly isOutdated: boolean;
  /** True when people use the connection with other settings than those that were typed last. */
  readonly isChanged: boolean;
}

const MAX_DOMAINS = 50;

/** The message shown when saving the typed settings would undo somebody else's change. */
export const CHANGED_BY_OTHERS =
  'Somebody else changed this connection after you typed your settings. Open “Connection”, look at the values and save them again; then ' +
  'try a sign-in.';

/**
 * Returns the domains whose addresses lead to the connection: the proved ones. If the tenant requires no proof, those
 * that it named itself for the set-up.
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
 * Returns domains that lead to other connections of the organization. Setting up a second provider does not change
 * where they lead.
 */
async function domainsElsewhere({ directory }: SetupDeps, setup: Setup): Promise<ReadonlySet<string>> {
  const { organizations, connections } = directory;
  const { items } = await organizations.listEnablements(setup.organizationId, { isEnabled: true }, { limit: 100 });
  const others = items.filter(({ connectionId }) => connectionId !== setup.connectionId);
  const found = await Promise.all(others.map(({ connectionId }) => connections.find(connectionId)));
  return new Set(found.flatMap((connection) => connection?.domainAliases ?? []));
}

/**
 * True when somebody has signed in with the connection's settings: people, if it is enabled; else the administrator, in
 * a trial after which they were put into use.
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

/** Returns sentences that say why the connection cannot be enabled yet; none when it can be. */
export function missingFor({ setup }: Visit, progress: SetupProgress): readonly string[] {
  const missing: string[] = [];
  if (progress.isOutdated) missing.push(CHANGED_BY_OTHERS);
  else if (progress.connection === undefined || (setup.candidate === undefined && !progress.passed))
    missing.push('The connection to your provider is not set up yet.');
  else if (!progress.passed) missing.push('Nobody has tried a sign-in with these settings yet.');
  if (setup.config.domainVerification === 'required' && progress.routed.length === 0)
    missing.push('No domain is verified yet.');
  return missing;
}
