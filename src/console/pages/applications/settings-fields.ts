/**
 * The fields of an application's settings, and their form in the API. Addresses are text, one per line; lifetimes are
 * seconds.
 */
import type { SentBodyOf } from '../../api/answers';
import { type FieldsOf, toBody, toValues } from '../../parts/form-fields';
import { findProblem, findProblems, toLines } from './addresses';
import type { AppType, Client, RequireBehavior, Usage } from './answers';
import { SETTINGS_LABELS as LABELS } from './settings-values';
import {
  BEHAVIORS,
  GRANT_TYPES,
  NOTICES,
  OWN_TOKENS,
  REFUSALS,
  saySeconds,
  signsPeopleIn,
  toChoice,
  USAGES,
} from './words';

/** Auth0's default lifetimes in seconds, which the API also returns. */
const DEFAULTS = { idToken: 36_000, refresh: 2_592_000, idle: 1_296_000 };

export type SettingsValues = {
  readonly name: string;
  readonly callbacks: string;
  readonly logoutUrls: string;
  readonly origins: string;
  readonly loginUri: string;
  readonly noticeUrl: string;
  readonly notices: 'custom' | 'all';
  readonly usage: Usage;
  readonly behavior: RequireBehavior;
  readonly refusals: 'redirect' | 'page';
  readonly grantTypes: readonly string[];
  readonly idTokenSeconds: number;
  readonly rotates: boolean;
  readonly refreshSeconds: number;
  readonly idleSeconds: number;
};

/** Addresses, one per line, each checked while typed. */
const lines = (kind: AppType | undefined, rule: { readonly isOrigin?: boolean } = {}) =>
  ({
    kind: 'area',
    read: (stored: unknown) => (stored as readonly string[]).join('\n'),
    write: (text: string) => [...toLines(text)],
    check: (text: string) => findProblems(text, { kind, ...rule }),
    autosize: true,
    minRows: 2,
    spellCheck: false,
    dir: 'ltr',
  }) as const;

/** A lifetime in seconds, which the description says in days or hours. */
const seconds = (name: 'idTokenSeconds' | 'refreshSeconds' | 'idleSeconds', says: string) =>
  ({
    kind: 'number',
    label: `${LABELS[name]}, in seconds`,
    short: LABELS[name],
    tell: (values: SettingsValues) => ({ description: `${says} ${saySeconds(values[name])}.` }),
    min: 1,
    allowDecimal: false,
    hideControls: true,
  }) as const;

/** The fields of the addresses. The kind of the application decides which addresses it may have. */
const addressesOf = (kind: AppType | undefined) =>
  ({
    callbacks: {
      ...lines(kind),
      label: LABELS.callbacks,
      description:
        'People return to one of these after a sign-in. Enter one per line. The address in the request must match exactly.',
    },
    logoutUrls: {
      ...lines(kind),
      label: LABELS.logoutUrls,
      at: 'allowed_logout_urls',
      description: 'People can return to one of these after a sign-out. Enter one per line.',
    },
    origins: {
      ...lines(kind, { isOrigin: true }),
      label: LABELS.origins,
      at: 'web_origins',
      description:
        'Pages at these origins can renew tokens in the background, so that people stay signed in after a reload. Enter one per line.',
    },
    loginUri: {
      kind: 'text',
      label: LABELS.loginUri,
      at: 'initiate_login_uri',
      description:
        'Invitation links open this address. The application must start a sign-in there with the link’s parameters.',
      write: (address) => address.trim(),
      check: (address) => (address === '' ? undefined : findProblem(address, { kind })),
      spellCheck: false,
      dir: 'ltr',
    },
    noticeUrl: {
      kind: 'text',
      label: LABELS.noticeUrl,
      at: 'oidc_logout.backchannel_logout_urls',
      description:
        'When a session ends, the server sends a logout token to this address, so that the application ends its own session. The application needs a server for this.',
      read: (urls) => (urls as readonly string[])[0] ?? '',
      write: (address) => (address.trim() === '' ? [] : [address.trim()]),
      check: (address) => (address.trim() === '' ? undefined : findProblem(address.trim(), { kind: 'regular_web' })),
      spellCheck: false,
      dir: 'ltr',
    },
    notices: {
      kind: 'radios',
      label: LABELS.notices,
      at: 'oidc_logout.backchannel_logout_initiators.mode',
      start: 'custom',
      of: NOTICES.map(toChoice),
      isShown: ({ noticeUrl }) => noticeUrl.trim() !== '',
    },
  }) satisfies Partial<FieldsOf<SettingsValues>>;

const SIGN_IN = {
  usage: {
    kind: 'radios',
    label: LABELS.usage,
    at: 'organization_usage',
    start: 'deny',
    of: USAGES.map(toChoice),
  },
  behavior: {
    kind: 'radios',
    label: LABELS.behavior,
    at: 'organization_require_behavior',
    start: 'no_prompt',
    of: BEHAVIORS.map(toChoice),
    isShown: ({ usage }) => usage === 'require',
  },
  refusals: { kind: 'radios', label: LABELS.refusals, start: 'redirect', of: REFUSALS.map(toChoice) },
} satisfies Partial<FieldsOf<SettingsValues>>;

const tokensOf = (kind: AppType | undefined, isForPeople: boolean) =>
  ({
    grantTypes: {
      kind: 'checks',
      label: LABELS.grantTypes,
      at: 'grant_types',
      of: GRANT_TYPES.filter(({ id }) => isForPeople || kind !== 'non_interactive' || id === OWN_TOKENS).map(toChoice),
    },
    rotates: {
      kind: 'switch',
      label: LABELS.rotates,
      at: 'refresh_token.rotation_type',
      description:
        'If a stolen token is used a second time, the session is revoked. Recommended for browsers and devices.',
      read: (type) => type === 'rotating',
      write: (rotates) => (rotates ? 'rotating' : 'non-rotating'),
    },
    idTokenSeconds: {
      ...seconds('idTokenSeconds', 'Tells the application who signed in. Valid for'),
      at: 'jwt_configuration.lifetime_in_seconds',
      start: DEFAULTS.idToken,
    },
    refreshSeconds: {
      ...seconds('refreshSeconds', 'The person must sign in again after'),
      at: 'refresh_token.token_lifetime',
      start: DEFAULTS.refresh,
    },
    idleSeconds: {
      ...seconds('idleSeconds', 'Also if unused for'),
      at: 'refresh_token.idle_token_lifetime',
      start: DEFAULTS.idle,
    },
  }) satisfies Partial<FieldsOf<SettingsValues>>;

/** The fields for an application of this kind, in the order of the page. */
const fieldsOf = (kind: AppType | undefined, isForPeople: boolean): FieldsOf<SettingsValues> => ({
  name: { kind: 'text', label: LABELS.name, maxLength: 255, dir: 'auto' },
  ...addressesOf(kind),
  ...SIGN_IN,
  ...tokensOf(kind, isForPeople),
});

export const fieldsFor = (client: Client) => fieldsOf(client.app_type, signsPeopleIn(client));

/** Converts the settings of `client` to the form's values. */
export const toSettings = (client: Client): SettingsValues => toValues(fieldsFor(client), client);

const REFRESH = ['rotates', 'refreshSeconds', 'idleSeconds'];
const NOTICE = ['noticeUrl', 'notices'];

/**
 * Returns the body of the request that writes `changes` to `before`. It has the whole objects `refresh_token` and
 * `oidc_logout`, since the API accepts no part of them.
 */
export function toSettingsBody(changes: Partial<SettingsValues>, before: Client) {
  const refresh = { expiration_type: 'expiring', rotation_type: 'non-rotating', ...before.refresh_token };
  const whole = {
    ...(REFRESH.some((name) => name in changes) && { refresh_token: refresh }),
    ...(NOTICE.some((name) => name in changes) && { oidc_logout: before.oidc_logout }),
  };
  return toBody<SentBodyOf<'/clients/{id}', 'patch'>>(fieldsFor(before), changes, whole);
}
