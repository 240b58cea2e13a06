/**
 * Builds the parts of an Action's event about second factors, in Auth0's names. Pure. Tells only of factors that this
 * server checked: never of one that an Action recorded, or that a company's identity provider claims.
 */
import { type FactorKind, settingOf } from '../../domain/factors/factor.js';
import { isEnterprise, type Strategy } from '../../domain/tenant.js';
import { FACTORS } from '../../facts/factors.js';
import type { ActionGround } from '../../ports/action-ground.js';
import type { KeptFactor } from '../factor-stages.js';

/** Auth0's word for a kind of factor. A passkey has that of a device that verifies the person. */
const typeOf = (kind: FactorKind): string => FACTORS[settingOf(kind)].actionType;

/** Returns `enrolledFactors` and `multifactor` of `event.user`; each kind once. */
export function enrolledOf(kinds: readonly FactorKind[]): Readonly<Record<string, unknown>> {
  const types = [...new Set(kinds.map(typeOf))];
  return { enrolledFactors: types.map((type) => ({ type })), multifactor: types.length > 0 ? ['guardian'] : [] };
}

/** Returns the factors that the person passed in this login, as authentication methods. */
export function passedMethods(factors: readonly KeptFactor[]): Record<string, unknown>[] {
  return factors.flatMap(({ kind, at }) =>
    kind === undefined ? [] : [{ name: 'mfa', timestamp: new Date(at), type: typeOf(kind) }],
  );
}

/**
 * Returns the name of the sign-in itself. A session says by its methods that a passkey opened it; after its end, a refresh
 * tells Actions the weaker `pwd`.
 */
export function signInMethod(
  strategy: Strategy,
  { session }: Pick<ActionGround, 'session'>,
  isPasskey = false,
): 'federated' | 'passkey' | 'pwd' {
  if (isEnterprise(strategy)) return 'federated';
  return isPasskey || session?.methods.some(({ name }) => name === 'passkey') ? 'passkey' : 'pwd';
}

/**
 * Returns the methods that the session has besides that of the sign-in. Leaves out a factor that a company's identity provider claims. Attack: a
 * company's administrator says so about their own people, and an Action lets them into another organization.
 */
export function sessionMethods({ session }: ActionGround): Record<string, unknown>[] {
  const methods = session?.methods ?? [];
  return methods.flatMap(({ name, timestamp, type }) => {
    if (name === 'passkey') return [];
    if (name !== 'mfa') return [{ name, timestamp }];
    return type === undefined || type === 'federated' ? [] : [{ name, timestamp, type: typeOf(type as FactorKind) }];
  });
}
