/**
 * The tenant of a `waad` connection, pinned when it is written: the administrator may name it by a domain, and the id that Entra's discovery
 * tells is stored in its place, as on Auth0. A domain may belong to another tenant one day; the id never does.
 */

import { parseEntra, tenantOfIssuer } from '../../domain/companies/entra.js';
import type { Connection } from '../../domain/tenant.js';
import { dialectOf } from '../../facts/strategies.js';
import type { Wire } from '../api/operation.js';

type Described = Pick<Connection, 'strategy' | 'options'>;

/** True for a connection whose tenant is known by a domain only. */
export function lacksTenant({ strategy, options }: Described): boolean {
  if (dialectOf(strategy) !== 'entra') return false;
  const entra = parseEntra(options);
  return !('problem' in entra) && entra.tenants.kind === 'named';
}

function domainOf(options: Wire): unknown {
  return options.tenant_domain ?? options.domain;
}

/** The new options with the tenant that was pinned before, where they name it by the same domain in the same cloud. */
export function keepTenant(before: Described, options: Wire): Wire {
  const { tenantId, cloud } = before.options;
  const isSame = domainOf(before.options) === domainOf(options) && cloud === options.cloud;
  const isKept = lacksTenant({ strategy: before.strategy, options }) && isSame && typeof tenantId === 'string';
  return isKept ? { ...options, tenantId } : options;
}

/** The options with the tenant of the issuer that the provider's discovery named; unchanged where it is known, or was not found. */
export function pinTenant({ strategy, options }: Described, discovery: Wire | undefined): Wire {
  const entra = lacksTenant({ strategy, options }) ? parseEntra(options) : undefined;
  if (entra === undefined || 'problem' in entra || typeof discovery?.issuer !== 'string') return options;
  const tenantId = tenantOfIssuer(entra, discovery.issuer);
  return tenantId === undefined ? options : { ...options, tenantId };
}
