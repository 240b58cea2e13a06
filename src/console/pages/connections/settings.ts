/**
 * The settings of a connection as a form has them, and back. Only what the form changed goes into the options; everything else in them is sent
 * as it was read, except secrets: those the server keeps where they are left out.
 */

import { toDiscovery } from '../../../facts/providers.js';
import type { Connection, Options, Written } from './answers';
import { PROVIDERS, type ProviderField } from './providers';

/** All of it texts and yes or no, so that two people's changes can be compared. */
export type Settings = Readonly<Record<string, string | boolean>>;

const DISPLAY_NAME = 'display_name';
const DOMAINS = 'domain_aliases';
const BUTTON = 'show_as_button';
const SIGN_UP = 'allow_sign_up';
const STRENGTH = 'passwordPolicy';

export const NAMES = {
  displayName: DISPLAY_NAME,
  domains: DOMAINS,
  button: BUTTON,
  signUp: SIGN_UP,
  strength: STRENGTH,
} as const;

/** The fields of the provider's own settings; those of SAML's manual set-up are left to the API. */
export function fieldsOf({ strategy }: Pick<Connection, 'strategy'>): readonly ProviderField[] {
  return PROVIDERS.find((provider) => provider.strategy === strategy)?.fields ?? [];
}

const asText = (value: unknown) => (typeof value === 'string' ? value : '');

/** The address of an `oidc` connection has two names; the form has one. */
const readField = (name: string, options: Options): string =>
  name === 'discovery_url' ? asText(options.discovery_url) || asText(options.issuer) : asText(options[name]);

/** The settings that say where a provider is: with another one of these the server lets go of the stored secret. */
const ADDRESSES: readonly string[] = ['discovery_url', 'domain', 'tenant_domain'];

/** As it is stored: the form keeps what was typed, with or without the end of the discovery address. */
const toAddress = (name: string, settings: Settings) =>
  name === 'discovery_url' ? toDiscovery(asText(settings[name]).trim()) : asText(settings[name]).trim();

/** Why the stored secret is not there after this change, or since the last one; undefined where it is. */
export function tellLostSecret({
  loaded,
  values,
  warnings = [],
}: { readonly loaded: Settings; readonly values: Settings } & Pick<Written, 'warnings'>): string | undefined {
  if (ADDRESSES.some((name) => toAddress(name, values) !== toAddress(name, loaded)))
    return 'Type it again: the stored one is not sent to another address than it was given for.';
  return warnings.some(({ id }) => id === 'client_secret_removed')
    ? 'None is stored any more: type it again.'
    : undefined;
}

/** The form’s values of a connection. A secret is empty: it is not shown, and left alone unless something is typed. */
export function toSettings(connection: Connection): Settings {
  const options = connection.options ?? {};
  const own = fieldsOf(connection).map(({ name, kind }) => [name, kind === 'secret' ? '' : readField(name, options)]);
  const domains = Array.isArray(options[DOMAINS]) ? options[DOMAINS].join('\n') : '';
  return {
    [DISPLAY_NAME]: connection.display_name ?? '',
    ...(Object.fromEntries(own) as Settings),
    ...(connection.strategy === 'auth0'
      ? { [SIGN_UP]: options.disable_signup !== true, [STRENGTH]: asText(options[STRENGTH]) || 'judged' }
      : { [DOMAINS]: domains, [BUTTON]: connection.show_as_button }),
  };
}

/** Domains as they are typed: with spaces, commas or lines between them. */
export const toDomains = (text: string) => text.split(/[\s,]+/).filter((domain) => domain !== '');

function toOptions(connection: Connection, changes: Settings): Options {
  const options: Record<string, unknown> = { ...connection.options };
  for (const { name } of fieldsOf(connection)) {
    const text = changes[name];
    if (typeof text !== 'string') continue;
    if (name === 'discovery_url') {
      options.discovery_url = toDiscovery(text.trim());
      delete options.issuer;
    } else if (text.trim() === '') delete options[name];
    else options[name] = text.trim();
  }
  if (typeof changes[DOMAINS] === 'string') options[DOMAINS] = toDomains(changes[DOMAINS]);
  if (changes[SIGN_UP] !== undefined) options.disable_signup = !changes[SIGN_UP];
  if (changes[STRENGTH] !== undefined) {
    if (changes[STRENGTH] === 'judged') delete options[STRENGTH];
    else options[STRENGTH] = changes[STRENGTH];
  }
  return options;
}

const OUTSIDE: ReadonlySet<string> = new Set([DISPLAY_NAME, BUTTON]);

/** The body of the update. Options go along only where one of them was changed: each write of them makes logins under way begin again. */
export function toChanges(connection: Connection, changes: Settings): Readonly<Record<string, unknown>> {
  const touchesOptions = Object.keys(changes).some((name) => !OUTSIDE.has(name));
  return {
    ...(changes[DISPLAY_NAME] !== undefined && { display_name: changes[DISPLAY_NAME] }),
    ...(changes[BUTTON] !== undefined && { show_as_button: changes[BUTTON] }),
    ...(touchesOptions && { options: toOptions(connection, changes) }),
  };
}
