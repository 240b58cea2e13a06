/**
 * Properties of answers that may contain a credential under any name: options of a connection, add-ons of an
 * application, headers and addresses of log streams. A caller who may only read them sees the values that the log would
 * show. A caller who may write them sees everything, because tools send the whole object back. Never removes a
 * property: only values are masked.
 */
import { keyOf, type Operation, type Wire } from './operation.js';
import { toShownBody } from './shown-values.js';

interface Holder {
  readonly property: string;
  /** The operation whose body has the value in the same place. It decides which values are harmless. */
  readonly writtenBy: string;
  /** A caller with one of these scopes sees the value unmasked. */
  readonly scopes: readonly string[];
}

const holders = (writtenBy: string, properties: readonly string[], ...scopes: readonly string[]): readonly Holder[] =>
  properties.map((property) => ({ property, writtenBy, scopes }));

const OPTIONS = holders('patch /connections/{id}', ['options'], 'update:connections_options', 'read:connections_keys');
const KEPT_OF_CLIENT = holders(
  'patch /clients/{id}',
  ['addons', 'jwt_configuration', 'mobile', 'oidc_backchannel_logout', 'oidc_logout'],
  'update:clients',
  'read:client_keys',
);
const SINK = holders('patch /log-streams/{id}', ['sink'], 'update:log_streams');

/**
 * The properties that may contain a credential, by operation. Operations not listed here answer only with values that
 * the caller sent.
 */
const HOLDERS: Readonly<Record<string, readonly Holder[]>> = {
  'get /connections': OPTIONS,
  'get /clients/{id}/connections': OPTIONS,
  'get /connections/{id}': OPTIONS,
  'patch /connections/{id}': OPTIONS,
  'get /clients': KEPT_OF_CLIENT,
  'get /clients/{id}': KEPT_OF_CLIENT,
  'get /log-streams': SINK,
  'get /log-streams/{id}': SINK,
  'get /emails/provider': holders('patch /emails/provider', ['credentials', 'settings'], 'update:email_provider'),
  'get /tenants/settings': holders(
    'patch /tenants/settings',
    ['security_headers', 'universal_login'],
    'update:tenant_settings',
  ),
};

/**
 * Returns the item with values that may be credentials masked. A property is unmasked for a caller who has one of its
 * scopes.
 */
export function withoutCredentials(
  operation: Pick<Operation, 'method' | 'path'>,
  held: ReadonlySet<string>,
  item: Wire,
): Wire {
  const hidden = (HOLDERS[keyOf(operation)] ?? []).filter(
    ({ property, scopes }) => item[property] !== undefined && !scopes.some((scope) => held.has(scope)),
  );
  if (hidden.length === 0) return item;
  const masked = hidden.map(
    ({ property, writtenBy }) => toShownBody(writtenBy, { [property]: item[property] }) as Wire,
  );
  return Object.assign({}, item, ...masked) as Wire;
}
