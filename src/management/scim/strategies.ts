/** The strategies whose connections a company's directory can provision, once: everything that depends on the strategy is a column here. */
import type { Strategy } from '../../domain/tenant.js';

export interface ScimStrategy {
  /** The SCIM attribute that holds the subject, where the configuration names none (as on Auth0). */
  readonly userIdAttribute: 'externalId' | 'userName';
}

/** By the name of the strategy; a strategy that this server does not have yet is never asked for. */
const STRATEGIES: Readonly<Record<string, ScimStrategy>> = {
  oidc: { userIdAttribute: 'externalId' },
  okta: { userIdAttribute: 'externalId' },
  waad: { userIdAttribute: 'externalId' },
  samlp: { userIdAttribute: 'userName' },
};

/** The row of a strategy; undefined where it cannot provision them. */
export function getScimStrategy(strategy: Strategy): ScimStrategy | undefined {
  return Object.hasOwn(STRATEGIES, strategy) ? STRATEGIES[strategy] : undefined;
}
