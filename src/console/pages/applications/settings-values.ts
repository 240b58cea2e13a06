/** Converts an application's settings between a form's values and the API's form. Pure. */
import { toLines } from './addresses.js';
import type { Client, OfferedType, RefreshToken, RequireBehavior, Usage } from './answers.js';

/** Auth0's default lifetimes in seconds, which the API also returns. */
const DEFAULTS = { idToken: 36_000, refresh: 2_592_000, idle: 1_296_000 };

/** Addresses are text, one per line; lifetimes are seconds. */
export interface SettingsValues extends Record<string, unknown> {
  readonly name: string;
  readonly callbacks: string;
  readonly logoutUrls: string;
  readonly origins: string;
  readonly loginUri: string;
  readonly usage: Usage;
  readonly behavior: RequireBehavior;
  readonly grantTypes: readonly string[];
  readonly idTokenSeconds: number;
  readonly rotates: boolean;
  readonly refreshSeconds: number;
  readonly idleSeconds: number;
}

export const SETTINGS_LABELS: Readonly<Record<keyof SettingsValues & string, string>> = {
  name: 'Name',
  callbacks: 'Callback addresses',
  logoutUrls: 'Sign-out addresses',
  origins: 'Web origins',
  loginUri: 'Sign-in start address',
  usage: 'Sign-in with an organization',
  behavior: 'How the organization is chosen',
  grantTypes: 'Grant types',
  idTokenSeconds: 'ID token lifetime',
  rotates: 'Rotate refresh tokens',
  refreshSeconds: 'Refresh token lifetime',
  idleSeconds: 'Idle refresh token lifetime',
};

const toText = (lines: readonly string[] = []) => lines.join('\n');

/** Converts the settings of `client` to the form's values. */
export function toValues(client: Client): SettingsValues {
  const { jwt_configuration: jwt, refresh_token: refresh } = client;
  return {
    name: client.name,
    callbacks: toText(client.callbacks),
    logoutUrls: toText(client.allowed_logout_urls),
    origins: toText(client.web_origins),
    loginUri: client.initiate_login_uri ?? '',
    usage: client.organization_usage ?? 'deny',
    behavior: client.organization_require_behavior ?? 'no_prompt',
    grantTypes: client.grant_types ?? [],
    idTokenSeconds: jwt?.lifetime_in_seconds ?? DEFAULTS.idToken,
    rotates: refresh?.rotation_type === 'rotating',
    refreshSeconds: refresh?.token_lifetime ?? DEFAULTS.refresh,
    idleSeconds: refresh?.idle_token_lifetime ?? DEFAULTS.idle,
  };
}

/**
 * Returns the whole object `refresh_token`, since the API accepts no part of it. Takes properties that the form does
 * not show from `before`.
 */
function toRefresh(changes: Partial<SettingsValues>, before: Client): { refresh_token?: RefreshToken } {
  const { rotates, refreshSeconds, idleSeconds } = { ...toValues(before), ...changes };
  if (!('rotates' in changes || 'refreshSeconds' in changes || 'idleSeconds' in changes)) return {};
  return {
    refresh_token: {
      expiration_type: 'expiring',
      ...before.refresh_token,
      rotation_type: rotates ? 'rotating' : 'non-rotating',
      ...('refreshSeconds' in changes && { token_lifetime: refreshSeconds }),
      ...('idleSeconds' in changes && { idle_token_lifetime: idleSeconds }),
    },
  };
}

/** Returns the body of the request that writes `changes` to `before`. */
export function toBody(changes: Partial<SettingsValues>, before: Client) {
  const { name, callbacks, logoutUrls, origins, loginUri, usage, behavior, grantTypes, idTokenSeconds } = changes;
  return {
    ...(name !== undefined && { name }),
    ...(callbacks !== undefined && { callbacks: [...toLines(callbacks)] }),
    ...(logoutUrls !== undefined && { allowed_logout_urls: [...toLines(logoutUrls)] }),
    ...(origins !== undefined && { web_origins: [...toLines(origins)] }),
    ...(loginUri !== undefined && { initiate_login_uri: loginUri.trim() }),
    ...(usage !== undefined && { organization_usage: usage }),
    ...(behavior !== undefined && { organization_require_behavior: behavior }),
    ...(grantTypes !== undefined && { grant_types: [...grantTypes] }),
    ...(idTokenSeconds !== undefined && { jwt_configuration: { lifetime_in_seconds: idTokenSeconds } }),
    ...toRefresh(changes, before),
  };
}

/**
 * Returns a new application with defaults. People sign in to an organization; a request without one shows a prompt, so
 * that the ready code works before anything else is set.
 */
export function toNewClient(name: string, kind: OfferedType) {
  const people = { organization_usage: 'require', organization_require_behavior: 'pre_login_prompt' } as const;
  return { name, app_type: kind, ...(kind !== 'non_interactive' && people) };
}
