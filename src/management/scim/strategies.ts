/**
 * The strategies whose connections a company's directory can provision, with everything that depends on the strategy.
 */
import type { Strategy } from '../../domain/tenant.js';

export interface ScimStrategy {
  /** The default SCIM attribute of the subject, as on Auth0. */
  readonly userIdAttribute: 'externalId' | 'userName';
}

/** Facts by the strategy's name. Unsupported strategies are never looked up. */
const STRATEGIES: Readonly<Record<string, ScimStrategy>> = {
  oidc: { userIdAttribute: 'externalId' },
  okta: { userIdAttribute: 'externalId' },
  waad: { userIdAttribute: 'externalId' },
  samlp: { userIdAttribute: 'userName' },
};

/** Returns the row of a strategy, or undefined when SCIM cannot provision its connections. */
export function getScimStrategy(strategy: Strategy): ScimStrategy | undefined {
  return Object.hasOwn(STRATEGIES, strategy) ? STRATEGIES[strategy] : undefined;
}
