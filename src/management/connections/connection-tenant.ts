/**
 * The Entra tenant of a `waad` connection, pinned when the connection is written: an administrator may name it by a
 * domain, and the id in Entra's discovery is stored in its place, as on Auth0. A domain may later belong to another
 * tenant; the id never does.
 */

import { parseEntra, tenantOfIssuer } from '../../domain/companies/entra.js';
import type { Connection } from '../../domain/tenant.js';
import { dialectOf } from '../../facts/strategies.js';
import type { Wire } from '../api/operation.js';

type Described = Pick<Connection, 'strategy' | 'options'>;

/** True for a connection whose tenant is known only by a domain. */
export function lacksTenant({ strategy, options }: Described): boolean {
  if (dialectOf(strategy) !== 'entra') return false;
  const entra = parseEntra(options);
  return !('problem' in entra) && entra.tenants.kind === 'named';
}

function domainOf(options: Wire): unknown {
  return options.tenant_domain ?? options.domain;
}

/** Returns the new options with the pinned tenant if they name it by the same domain in the same cloud. */
export function keepTenant(before: Described, options: Wire): Wire {
  const { tenantId, cloud } = before.options;
  const isSame = domainOf(before.options) === domainOf(options) && cloud === options.cloud;
  const isKept = lacksTenant({ strategy: before.strategy, options }) && isSame && typeof tenantId === 'string';
  return isKept ? { ...options, tenantId } : options;
}

/**
 * Returns the options with the tenant of the discovered issuer. Unchanged when the tenant is known or was not found.
 */
export function pinTenant({ strategy, options }: Described, discovery: Wire | undefined): Wire {
  const entra = lacksTenant({ strategy, options }) ? parseEntra(options) : undefined;
  if (entra === undefined || 'problem' in entra || typeof discovery?.issuer !== 'string') return options;
  const tenantId = tenantOfIssuer(entra, discovery.issuer);
  return tenantId === undefined ? options : { ...options, tenantId };
}
