/**
 * Properties of answers that may hold a credential under any name: options of a connection, add-ons of an application,
 * headers and addresses of log streams. A caller who may only read them sees as much as the log shows. A caller who may
 * write them sees everything, as tools need that send a whole object back. Must not hide a property: its name is always
 * shown.
 */
import { keyOf, type Operation, type Wire } from './operation.js';
import { toShownBody } from './shown-values.js';

interface Holder {
  readonly property: string;
  /** The operation that writes the value; its body has the value in the same place. */
  readonly writtenBy: string;
  /** Scopes of which any one shows the value as a whole. */
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
 * Places of possible credentials in answers, by operation. Answers to other writes contain only what the caller sent.
 */
const HOLDERS: Readonly<Record<string, readonly Holder[]>> = {
  'get /connections': OPTIONS,
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

/** Returns the item with possible credentials masked, except those that one of the scopes `held` shows as a whole. */
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
