/**
 * Whether customers may manage their organization through an application: the parts that this takes, and those that are
 * missing. Pure.
 */
import { ENTERPRISE_STRATEGIES } from '../../../../facts/strategies.js';
import { sayStrategy } from '../../../parts/strategy-words.js';
import type { Api, Client, Grant } from '../answers.js';

export type DeletionBehavior = 'allow' | 'allow_if_empty';

/** The application's `my_organization_configuration`. Further properties are kept when it is written. */
export interface Configuration {
  readonly allowed_strategies: readonly string[];
  readonly connection_deletion_behavior: DeletionBehavior;
}

/** The parts, as they are stored. */
export interface Parts {
  readonly client: Client;
  readonly api: Api | null;
  /** The application's grant for people; null if it has none. */
  readonly grant: Grant | null;
}

/** Returns the configuration of an application; undefined if it has none. */
export function configurationOf({ my_organization_configuration: found }: Client): Configuration | undefined {
  return typeof found === 'object' && found !== null ? (found as Configuration) : undefined;
}

/** The strategies that customers may set up, as choices of a form. */
export const STRATEGY_CHOICES = ENTERPRISE_STRATEGIES.map((value) => ({ value, label: sayStrategy(value) }));

/** True for a strategy that the form offers. */
export const isOffered = (name: string): boolean => STRATEGY_CHOICES.some(({ value }) => value === name);

export interface State {
  readonly is: 'on' | 'off' | 'half';
  /** The missing parts in words, which the same action makes. */
  readonly missing: readonly string[];
  /** Faults that no action of this page repairs, in sentences. */
  readonly others: readonly string[];
}

function findOthers({ client, api }: Parts): readonly string[] {
  const { organization_usage: usage, grant_types: ways = [] } = client;
  return [
    ...(usage === undefined || usage === 'deny'
      ? [
          'People sign in to this application without an organization, so its tokens name none. Change this in the settings of the application.',
        ]
      : []),
    ...(ways.includes('authorization_code') ? [] : ['Nobody can sign in to this application.']),
    ...(api?.subject_type_authorization.user.policy === 'deny_all'
      ? ['The My Organization API is closed for people (deny_all). Open it with the Management API.']
      : []),
  ];
}

/**
 * Returns the state of the parts. Without the application's access it is off: a configuration alone permits nothing, and
 * stays when it is switched off.
 */
export function tellState(parts: Parts): State {
  const others = findOthers(parts);
  if (parts.grant === null) return { is: 'off', missing: [], others };
  const missing = configurationOf(parts.client) === undefined ? ['the choice of identity providers'] : [];
  return { is: missing.length + others.length > 0 ? 'half' : 'on', missing, others };
}

/** Returns the origins from which browsers may call the API with this application's tokens. */
export function originsOf({ web_origins: own = [], callbacks = [] }: Client): readonly string[] {
  const origins = [...own, ...callbacks].flatMap((address) => {
    try {
      const { origin } = new URL(address);
      return origin.startsWith('http') ? [origin] : [];
    } catch {
      return [];
    }
  });
  return [...new Set(origins)];
}
