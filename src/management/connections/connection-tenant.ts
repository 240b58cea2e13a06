/**
 * The Entra tenant of a `waad` connection, fixed when the connection is written. An administrator may name the tenant
 * by a domain; then the id from Entra's discovery document is stored, as on Auth0. A domain may later belong to another
 * tenant, but an id never does.
 */

import { parseEntra, tenantOfIssuer } from '../../domain/companies/entra.js';
import type { Connection } from '../../domain/tenant.js';
import { dialectOf } from '../../facts/strategies.js';
import type { Wire } from '../api/operation.js';

type Described = Pick<Connection, 'strategy' | 'options'>;

/** True for options that name the Entra tenant only by a domain, not by its id. */
export function lacksTenant({ strategy, options }: Described): boolean {
  if (dialectOf(strategy) !== 'entra') return false;
  const entra = parseEntra(options);
  return !('problem' in entra) && entra.tenants.kind === 'named';
}

function domainOf(options: Wire): unknown {
  return options.tenant_domain ?? options.domain;
}

/** Returns the new options with the stored tenant id, if they name the same domain in the same cloud as before. */
export function keepTenant(before: Described, options: Wire): Wire {
  const { tenantId, cloud } = before.options;
  const isSame = domainOf(before.options) === domainOf(options) && cloud === options.cloud;
  const isKept = lacksTenant({ strategy: before.strategy, options }) && isSame && typeof tenantId === 'string';
  return isKept ? { ...options, tenantId } : options;
}

/**
 * Returns the options with the tenant id from the discovered issuer. Unchanged when the id is known already or was not
 * found.
 */
export function pinTenant({ strategy, options }: Described, discovery: Wire | undefined): Wire {
  const entra = lacksTenant({ strategy, options }) ? parseEntra(options) : undefined;
  if (entra === undefined || 'problem' in entra || typeof discovery?.issuer !== 'string') return options;
  const tenantId = tenantOfIssuer(entra, discovery.issuer);
  return tenantId === undefined ? options : { ...options, tenantId };
}
