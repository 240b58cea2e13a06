/**
 * Converts a connection's settings between the values of a form and the format of the API. An update contains the
 * changed options and all others as they were read. It omits secrets that were not typed, and the server keeps those.
 */

import { toDiscovery } from '../../../facts/providers.js';
import type { Connection, Options, Written } from './answers';
import { PROVIDERS, type ProviderField } from './providers';

/** Values of the form. They are only texts and booleans, so that the changes of two operators can be compared. */
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

/**
 * Returns the form's fields for the connection's provider. SAML settings that have no field here can be changed only
 * through the API.
 */
export function fieldsOf({ strategy }: Pick<Connection, 'strategy'>): readonly ProviderField[] {
  return PROVIDERS.find((provider) => provider.strategy === strategy)?.fields ?? [];
}

const asText = (value: unknown) => (typeof value === 'string' ? value : '');

/**
 * Returns an option as text. The address of an `oidc` connection is one field in the form, but `discovery_url` or
 * `issuer` in the options.
 */
const readField = (name: string, options: Options): string =>
  name === 'discovery_url' ? asText(options.discovery_url) || asText(options.issuer) : asText(options[name]);

/** Options with the provider's address. If one changes, the server deletes the stored secret. */
const ADDRESSES: readonly string[] = ['discovery_url', 'domain', 'tenant_domain'];

/**
 * Returns an address as the server stores it. The form keeps it as it was typed, with or without the well-known path.
 */
const toAddress = (name: string, settings: Settings) =>
  name === 'discovery_url' ? toDiscovery(asText(settings[name]).trim()) : asText(settings[name]).trim();

/**
 * Says why the client secret must be entered again: the operator changed an address in the form, or the last update
 * removed the secret. Returns undefined if the secret is still stored.
 */
export function tellLostSecret({
  loaded,
  values,
  warnings = [],
}: { readonly loaded: Settings; readonly values: Settings } & Pick<Written, 'warnings'>): string | undefined {
  if (ADDRESSES.some((name) => toAddress(name, values) !== toAddress(name, loaded)))
    return 'Enter the secret again. The stored one is not sent to a different address.';
  return warnings.some(({ id }) => id === 'client_secret_removed')
    ? 'No secret is stored any more. Enter it again.'
    : undefined;
}

/**
 * Converts a connection to the values of the form. Secrets are empty, since they are never shown. If they stay empty,
 * the server keeps the stored ones.
 */
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

/** Splits typed domains at spaces, commas or line breaks. */
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

/**
 * Returns the body of the update. It has options only if one of them changed, since logins in progress start again
 * after each write of options.
 */
export function toChanges(connection: Connection, changes: Settings): Readonly<Record<string, unknown>> {
  const touchesOptions = Object.keys(changes).some((name) => !OUTSIDE.has(name));
  return {
    ...(changes[DISPLAY_NAME] !== undefined && { display_name: changes[DISPLAY_NAME] }),
    ...(changes[BUTTON] !== undefined && { show_as_button: changes[BUTTON] }),
    ...(touchesOptions && { options: toOptions(connection, changes) }),
  };
}
