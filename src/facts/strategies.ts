/**
 * The strategies of connections, one row each: facts that validation, connectors, pages, console, rollout and doctor
 * share. Only data. Must import nothing, because the console imports it too.
 */

export interface StrategyFacts {
  /** The name of the strategy for people. */
  readonly label: string;
  readonly protocol: 'database' | 'oidc' | 'saml';
  /**
   * The provider that adds rules of its own to OpenID Connect, for ID tokens and addresses; `none` for a standard
   * provider.
   */
  readonly dialect: 'none' | 'entra' | 'google';
  /** The last part of the name that the console proposes for a new connection. */
  readonly nameEnd: string;
  /** True when its connections may authenticate by a key pair of their own (`private_key_jwt`). */
  readonly hasKeys: boolean;
  /**
   * Whether a sign-in sends our client secret to the provider: always, never, or depending on the connection's options.
   */
  readonly sendsSecret: 'always' | 'never' | 'by_options';
  /** True when the option `scope` is a list on Auth0. */
  readonly listsScopes: boolean;
  /**
   * The SCIM attribute whose value is the subject, in a new SCIM configuration, as on Auth0. `none`: the strategy has
   * no inbound SCIM.
   */
  readonly scimSubject: 'externalId' | 'userName' | 'none';
}

const STANDARD = { protocol: 'oidc', dialect: 'none', hasKeys: true, sendsSecret: 'by_options' } as const;
const OF_A_CLOUD = { protocol: 'oidc', hasKeys: false, sendsSecret: 'always', listsScopes: true } as const;

export const STRATEGIES = {
  auth0: {
    ...{ label: 'Passwords kept here', protocol: 'database', dialect: 'none', nameEnd: 'passwords', hasKeys: false },
    ...{ sendsSecret: 'never', listsScopes: false, scimSubject: 'none' },
  },
  oidc: { ...STANDARD, label: 'OpenID Connect', nameEnd: 'oidc', listsScopes: false, scimSubject: 'externalId' },
  okta: { ...STANDARD, label: 'Okta', nameEnd: 'okta', listsScopes: false, scimSubject: 'externalId' },
  waad: { ...OF_A_CLOUD, label: 'Microsoft Entra ID', dialect: 'entra', nameEnd: 'entra', scimSubject: 'externalId' },
  'google-apps': {
    ...OF_A_CLOUD,
    label: 'Google Workspace',
    dialect: 'google',
    nameEnd: 'google',
    scimSubject: 'none',
  },
  samlp: {
    ...{ label: 'SAML', protocol: 'saml', dialect: 'none', nameEnd: 'saml', hasKeys: false },
    ...{ sendsSecret: 'never', listsScopes: false, scimSubject: 'userName' },
  },
} as const satisfies Readonly<Record<string, StrategyFacts>>;

export type Strategy = keyof typeof STRATEGIES;

/** Names of all strategies, in the order of the table. */
export const STRATEGY_NAMES = Object.keys(STRATEGIES) as readonly Strategy[];

/** The strategies by which a company's identity provider signs people in. */
export const ENTERPRISE_STRATEGIES: readonly Strategy[] = STRATEGY_NAMES.filter(
  (name) => STRATEGIES[name].protocol !== 'database',
);

/** Strategies that only Auth0 has. Here people use a SAML connection instead. */
export const OTHER_SAML_STRATEGIES = ['adfs', 'pingfederate'] as const;

/** Returns the facts about a strategy; undefined for a name that this server does not know. */
export function findStrategy(name: string): StrategyFacts | undefined {
  return Object.hasOwn(STRATEGIES, name) ? STRATEGIES[name as Strategy] : undefined;
}

/** True for a strategy that speaks SAML 2.0. */
export const isSaml = (strategy: string): boolean => findStrategy(strategy)?.protocol === 'saml';

/** Returns the SCIM attribute whose value is the subject; undefined for a strategy without inbound SCIM. */
export function findScimSubject(strategy: string): 'externalId' | 'userName' | undefined {
  const subject = findStrategy(strategy)?.scimSubject;
  return subject === 'none' ? undefined : subject;
}

/** Returns the provider whose own rules a strategy's tokens follow; `none` if they follow only the standard. */
export const dialectOf = (strategy: string): StrategyFacts['dialect'] => findStrategy(strategy)?.dialect ?? 'none';
