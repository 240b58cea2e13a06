/**
 * Actions: the tenant's own code, its triggers, and its effects. Plain values, no I/O. Nothing here runs code. An
 * effect is a request: the pipeline checks it and the commit writes it, or it is dropped.
 */

/** Triggers that exist here, with Auth0's current version and the names of the handlers that an Action exports. */
export const TRIGGERS = {
  'post-login': { version: 'v3', handler: 'onExecutePostLogin', resume: 'onContinuePostLogin' },
  'credentials-exchange': { version: 'v2', handler: 'onExecuteCredentialsExchange', resume: undefined },
  'pre-user-registration': { version: 'v2', handler: 'onExecutePreUserRegistration', resume: undefined },
  'post-user-registration': { version: 'v2', handler: 'onExecutePostUserRegistration', resume: undefined },
  'post-change-password': { version: 'v2', handler: 'onExecutePostChangePassword', resume: undefined },
  'login-post-identifier': { version: 'v1', handler: 'onExecutePostIdentifier', resume: undefined },
  'organization-admission': { version: 'v1', handler: 'onExecuteOrganizationAdmission', resume: undefined },
} as const satisfies Record<string, { version: string; handler: string; resume: string | undefined }>;

export type TriggerId = keyof typeof TRIGGERS;

/** True for the name of a trigger that exists here. */
export function isTriggerId(value: string): value is TriggerId {
  return Object.hasOwn(TRIGGERS, value);
}

export interface ActionDependency {
  readonly name: string;
  readonly version: string;
}

/** A published version of a module, ready to run: code that an Action loads by `require('actions:NAME')`. */
export interface ModuleSource {
  readonly versionId: string;
  readonly name: string;
  readonly number: number;
  /**
   * The module's CommonJS source; undefined when the version is no longer stored. Then no Action with the module may
   * run.
   */
  readonly code: string | undefined;
  readonly dependencies: readonly ActionDependency[];
  /** Secrets in plain text: `actions.secrets` of this module alone. Never logged. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** A deployed version of an Action, ready to run. */
export interface ActionSource {
  readonly actionId: string;
  readonly versionId: string;
  readonly name: string;
  /** The CommonJS source that the administrator wrote. */
  readonly code: string;
  readonly dependencies: readonly ActionDependency[];
  /** The modules that the Action may load, each name once. */
  readonly modules: readonly ModuleSource[];
  /** Secrets in plain text: `event.secrets` of this Action alone. Never logged. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** All Actions bound to a trigger, in the order in which they run. */
export interface ActionProgram {
  /** Changes whenever the content changes: the same key means the same code and the same secrets. */
  readonly key: string;
  readonly trigger: TriggerId;
  readonly actions: readonly ActionSource[];
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };

/** Providers of `api.multifactor.enable` that this server has. All except `none` ask for any factor of the account. */
export const MULTIFACTOR_PROVIDERS = ['any', 'guardian', 'google-authenticator', 'none'] as const;

/** A second factor at the end of the login; the last one counts. `none`: the tenant's policy asks nobody. */
export interface MultifactorWish {
  readonly kind: 'multifactor';
  readonly provider: (typeof MULTIFACTOR_PROVIDERS)[number];
  /** True when a remembered browser suffices. */
  readonly remembers: boolean;
}

/** A second factor that the person passes or sets up before the next Action runs. */
export interface FactorCommand {
  readonly kind: 'factor_command';
  readonly does: 'challenge' | 'enrol';
  /** The kinds, in Auth0's words (`actionType` of facts/factors.ts). One of them suffices. */
  readonly types: readonly string[];
}

/** Maximum number of factor commands in one login, as on Auth0. */
export const MAX_FACTOR_COMMANDS = 4;

/** Maximum number of kinds in one factor command. */
export const MAX_FACTOR_TYPES = 16;

/** A change that an Action asks for. Times are milliseconds since the epoch. */
export type Effect =
  | { readonly kind: 'claim'; readonly token: 'id' | 'access'; readonly name: string; readonly value: Json }
  | { readonly kind: 'scope'; readonly change: 'add' | 'remove'; readonly scope: string }
  /** `value` null removes the name. */
  | { readonly kind: 'user_metadata' | 'app_metadata'; readonly name: string; readonly value: Json }
  | { readonly kind: 'primary_user'; readonly userId: string }
  | { readonly kind: 'record_method'; readonly method: string }
  | MultifactorWish
  | FactorCommand
  | { readonly kind: 'session_expiry' | 'session_idle_expiry'; readonly at: number }
  | { readonly kind: 'session_cookie'; readonly mode: 'persistent' | 'non-persistent' }
  | { readonly kind: 'session_metadata'; readonly name: string; readonly value: Json }
  | { readonly kind: 'refresh_token_expiry' | 'refresh_token_idle_expiry'; readonly at: number }
  | { readonly kind: 'refresh_token_metadata'; readonly name: string; readonly value: Json }
  /** Revokes the session of this browser, or the refresh token that was presented; the login is refused as well. */
  | { readonly kind: 'revoke'; readonly what: 'session' | 'refresh_token'; readonly reason: string }
  | { readonly kind: 'transaction_metadata'; readonly name: string; readonly value: Json }
  /**
   * Sends the person to this connection or organization instead of using home realm discovery. Only
   * login-post-identifier.
   */
  | { readonly kind: 'route'; readonly to: 'connection' | 'organization'; readonly name: string }
  /** Admits the person, with roles by id or name. Only organization-admission. */
  | { readonly kind: 'admit'; readonly roles: readonly string[] };

export type EffectKind = Effect['kind'];

/**
 * Maximum number of characters of JSON that one run of Actions may ask for: in one metadata object as a whole, and in
 * the custom claims of one token. Auth0 has 16 kB of metadata for an Action, and 100 kB of claims
 * (https://auth0.com/docs/customize/actions/limitations).
 */
export const MAX_ASKED = {
  user_metadata: 32_768,
  app_metadata: 32_768,
  session_metadata: 16_384,
  refresh_token_metadata: 16_384,
  transaction_metadata: 16_384,
  claim: 102_400,
} as const satisfies Partial<Record<EffectKind, number>>;

/**
 * Maximum number of names in the metadata of sessions and refresh tokens, and maximum number of characters of each text
 * (the page named at {@link MAX_ASKED}).
 */
export const SESSION_METADATA = { names: 25, characters: 255 } as const;

/** The report on one run of an Action, for an administrator. Times in milliseconds. */
export interface ActionReport {
  readonly actionId: string;
  readonly versionId: string;
  readonly name: string;
  readonly startedAt: number;
  readonly durationMs: number;
  /** The Action's console output, one entry per line, cut to a limit. */
  readonly console: readonly string[];
  readonly error: undefined | { readonly name: string; readonly message: string; readonly stack: string };
}

/**
 * Changes to a login's tokens that post-login Actions asked for, stored with the authorization code. Times in
 * milliseconds since the epoch.
 */
export interface TokenWishes {
  readonly idClaims: JsonObject;
  readonly accessClaims: JsonObject;
  readonly addScopes: readonly string[];
  readonly removeScopes: readonly string[];
  readonly refreshExpiresAt: number | undefined;
  readonly refreshIdleExpiresAt: number | undefined;
  readonly refreshMetadata: JsonObject;
}
