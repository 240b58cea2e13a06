/**
 * Options that Auth0 adds to those of a request, as recorded from a tenant. Never changes an option that the request
 * has. The option `attributes` has no effect here: every account has one email address, which is unique in its
 * connection.
 */
import type { Connection, Strategy } from '../../domain/tenant.js';
import type { Wire } from '../api/operation.js';
import { NEW_OPTIONS, USUAL_OPTIONS } from './fields.js';

const isRecord = (value: unknown): value is Wire =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Method "password" of a database: it cannot be turned off, and every account that the API creates has one. */
const PASSWORD = { enabled: true, api_behavior: 'required', signup_behavior: 'allow' } as const;
const OFF = { enabled: false } as const;
/**
 * The default methods. Auth0 omits the methods with codes when a request names no method. Here they are always shown,
 * so that an export can be imported unchanged.
 */
const USUAL_METHODS = { password: PASSWORD, passkey: OFF, email_otp: OFF, phone_otp: OFF } as const;
const USUAL_ADDRESS = { unique: true, verification_method: 'link' } as const;

function toMethods(given: unknown, before: unknown): unknown {
  if (!isRecord(given)) return before ?? USUAL_METHODS;
  const password = { ...PASSWORD, ...(given.password as Wire | undefined) };
  return { ...USUAL_METHODS, ...given, password };
}

/**
 * Completes the options of a database. `before`: the stored options, whose methods are kept if the request has none.
 */
function withDatabaseDefaults(options: Wire, before: Wire): Wire {
  const { attributes } = options;
  const email = isRecord(attributes) ? attributes.email : undefined;
  return {
    ...options,
    authentication_methods: toMethods(options.authentication_methods, before.authentication_methods),
    ...(isRecord(attributes) &&
      isRecord(email) && { attributes: { ...attributes, email: { ...USUAL_ADDRESS, ...email } } }),
  };
}

function withUsual(strategy: Strategy, options: Wire, before: Wire): Wire {
  const all = { ...USUAL_OPTIONS[strategy], ...options };
  return strategy === 'auth0' ? withDatabaseDefaults(all, before) : all;
}

/** Auth0's older options about passwords, in whose place it has `password_options`. */
const OLDER_PASSWORD_OPTIONS = [
  ...['passwordPolicy', 'password_complexity_options', 'password_history', 'password_no_personal_info'],
  'password_dictionary',
];

/** Returns the options of a new connection: those of the request and, where it has none, the defaults. */
export function toNewOptions(strategy: Strategy, given: Wire): Wire {
  const { password_options: passwordOptions, ...defaults } = NEW_OPTIONS[strategy] ?? {};
  const isOlder = OLDER_PASSWORD_OPTIONS.some((name) => given[name] !== undefined && given[name] !== null);
  const added =
    passwordOptions === undefined || isOlder ? defaults : { ...defaults, password_options: passwordOptions };
  return withUsual(strategy, { ...added, ...given }, {});
}

/**
 * Returns the options after a write that replaces all of them. Keeps their schema version: it is set at creation, and
 * no client sends it. So writing the same tenant twice changes nothing.
 */
export function toNextOptions(
  { strategy, options: before }: Pick<Connection, 'strategy' | 'options'>,
  given: Wire,
): Wire {
  const { schema_version: version } = before as Wire;
  return withUsual(strategy, version === undefined ? given : { schema_version: version, ...given }, before);
}
