/**
 * The properties of a body or an answer that require a scope besides the endpoint's. They follow Auth0's document, and
 * are stricter where an addition of this server would otherwise give more than its scope says. Knows no resource;
 * scopes.test.ts compares every line with Auth0's document.
 */
import { ManagementError } from './errors.js';
import { keyOf, type Operation, type Wire } from './operation.js';

interface PropertyRule {
  readonly properties: readonly string[];
  /** The caller needs one of these scopes. */
  readonly scopes: readonly string[];
}

export interface PropertyRules {
  readonly named: readonly PropertyRule[];
  /**
   * Scopes for all properties that `named` does not list: one is needed. Undefined: the endpoint's own scope is enough.
   */
  readonly others?: readonly string[];
}

type Key = Pick<Operation, 'method' | 'path'>;
type Scopes = ReadonlySet<string>;

const OWN_ENABLEMENTS = { properties: ['enabled_connections'], scopes: ['create:organization_connections'] };
const NEW_CREDENTIALS = { properties: ['client_authentication_methods'], scopes: ['create:client_credentials'] };

const LOG_ADDRESS = { properties: ['sink'], scopes: ['read:logs'] };

/** The scopes that properties of a request's body require, by endpoint. */
export const BODY_RULES: Readonly<Record<string, PropertyRules>> = {
  'post /clients': { named: [NEW_CREDENTIALS], others: ['create:clients'] },
  // With the secret of a client, a caller can get its tokens, and so every scope granted to the client.
  'patch /clients/{id}': {
    named: [
      { properties: ['client_secret', 'signing_key'], scopes: ['update:client_keys'] },
      { properties: ['client_authentication_methods'], scopes: ['update:client_credentials'] },
      {
        properties: ['token_vault_privileged_access'],
        scopes: ['update:client_token_vault_privileged_access'],
      },
    ],
    others: ['update:clients'],
  },
  'patch /connections/{id}': {
    named: [{ properties: ['options'], scopes: ['update:connections_options'] }],
    others: ['update:connections'],
  },
  // Attack: a caller with only a scope for app_metadata changes passwords and addresses.
  'patch /users/{id}': {
    named: [
      { properties: ['app_metadata'], scopes: ['update:users', 'update:users_app_metadata'] },
      { properties: ['blocked'], scopes: ['update:users', 'update:users_blocked'] },
    ],
    others: ['update:users'],
  },
  // The answer contains the link. Attack: a caller creates a link and opens it, which sets `email_verified`. So the
  // caller needs the scope that `patch /users/{id}` requires for that.
  'post /tickets/password-change': {
    named: [{ properties: ['mark_email_as_verified'], scopes: ['update:users'] }],
  },
  'post /tickets/email-verification': { named: [], others: ['update:users'] },
  'post /organizations': { named: [OWN_ENABLEMENTS], others: ['create:organizations'] },
  // `deploy` is an addition to this request. Auth0 deploys by an endpoint of its own, which requires this scope.
  'patch /actions/actions/{id}': {
    named: [{ properties: ['deploy'], scopes: ['create:actions'] }],
    others: ['update:actions'],
  },
  // Attack: a caller who may invite invites themselves with an administrator's role at any customer, or with
  // `app_metadata` by which Actions and applications decide about access.
  'post /organizations/{id}/invitations': {
    named: [
      { properties: ['roles'], scopes: ['create:organization_member_roles'] },
      { properties: ['app_metadata'], scopes: ['create:users', 'update:users', 'update:users_app_metadata'] },
    ],
  },
  // A set-up link lets its holder create a connection or change its identity provider, and enable it for a customer's
  // organization. Attack: the creator of the link opens it and signs in as a member.
  'post /self-service-profiles/{id}/sso-ticket': {
    named: [
      { properties: ['connection_config'], scopes: ['create:connections'] },
      { properties: ['connection_id'], scopes: ['update:connections_options'] },
      { properties: ['enabled_clients'], scopes: ['create:connections', 'update:connections'] },
      { properties: ['enabled_organizations'], scopes: ['create:organization_connections'] },
    ],
  },
  // Attack: a caller who may only add people changes existing ones.
  'post /jobs/users-imports': { named: [{ properties: ['upsert'], scopes: ['update:users'] }] },
  // A stream sends the tenant's log to the address in `sink`, so its creator must be allowed to read the log.
  'post /log-streams': { named: [LOG_ADDRESS] },
  'patch /log-streams/{id}': { named: [LOG_ADDRESS] },
  // The answer shows whether somebody has an account, which one, and their organizations; so a scope for reading users
  // is needed too.
  'post /organizations/{id}/explain': { named: [], others: ['read:users'] },
  'post /organizations/{id}/explain/people': { named: [], others: ['read:users'] },
};

const CLIENT_ANSWER: PropertyRules = {
  named: [
    {
      properties: ['client_id', 'app_type', 'name', 'description'],
      scopes: ['read:clients', 'read:client_keys', 'read:client_credentials', 'read:client_summary'],
    },
    {
      properties: ['client_secret', 'client_authentication_methods', 'signing_key', 'encryption_key'],
      scopes: ['read:client_keys', 'read:client_credentials'],
    },
  ],
  others: ['read:clients', 'read:client_keys'],
};
const CONNECTION_ANSWER: PropertyRules = {
  named: [{ properties: ['options'], scopes: ['read:connections_options'] }],
};

/** The scopes that a caller needs to see properties of answers, by endpoint. */
export const ANSWER_RULES: Readonly<Record<string, PropertyRules>> = {
  'get /clients': CLIENT_ANSWER,
  'get /clients/{id}': CLIENT_ANSWER,
  'get /connections': CONNECTION_ANSWER,
  'post /connections': CONNECTION_ANSWER,
  'get /connections/{id}': CONNECTION_ANSWER,
  'get /clients/{id}/connections': CONNECTION_ANSWER,
  'patch /connections/{id}': CONNECTION_ANSWER,
  // This property is an addition: it shows who has an account.
  'post /organizations/{id}/invitations': { named: [{ properties: ['existing_member'], scopes: ['read:users'] }] },
};

function neededFor(rules: PropertyRules, property: string): readonly string[] | undefined {
  return rules.named.find(({ properties }) => properties.includes(property))?.scopes ?? rules.others;
}

function holdsOneOf(held: Scopes, needed: readonly string[] | undefined): boolean {
  return needed === undefined || needed.some((scope) => held.has(scope));
}

/** Returns the error 403 in Auth0's words, with the property and the scopes of which one is required. */
function refuse(what: string, property: string, needed: readonly string[]): ManagementError {
  const scopes = needed.map((scope) => `"${scope}"`).join(' or ');
  return new ManagementError(
    403,
    `${what} the "${property}" property requires the ${scopes} scope.`,
    'insufficient_scope',
  );
}

/** True for `false` and an empty list. Clients send them for the default, so they require no scope. */
function asksForNothing(value: unknown): boolean {
  return value === false || (Array.isArray(value) && value.length === 0);
}

/**
 * Throws 403 `insufficient_scope` for the first property of `body` that a caller with the scopes `held` may not send.
 */
export function checkSentProperties(operation: Key, held: Scopes, body: unknown): void {
  const rules = BODY_RULES[keyOf(operation)];
  if (rules === undefined || typeof body !== 'object' || body === null) return;
  for (const [property, value] of Object.entries(body)) {
    const own = neededFor(rules, property);
    const needed = asksForNothing(value) ? rules.others && [...rules.others, ...(own ?? [])] : own;
    if (needed !== undefined && !holdsOneOf(held, needed)) throw refuse('Sending', property, needed);
  }
}

/** Throws 403 `insufficient_scope` when `fields` names a property that a caller with the scopes `held` may not see. */
export function checkAskedProperties(operation: Key, held: Scopes, query: Readonly<Record<string, unknown>>): void {
  const rules = ANSWER_RULES[keyOf(operation)];
  if (rules === undefined || typeof query.fields !== 'string' || query.include_fields === false) return;
  for (const property of query.fields.split(',').map((name) => name.trim())) {
    const needed = property === '' ? undefined : neededFor(rules, property);
    if (needed !== undefined && !holdsOneOf(held, needed)) throw refuse('Reading', property, needed);
  }
}

/** Returns the properties of `item` that a caller with the scopes `held` may see in an answer of `operation`. */
export function toVisible(operation: Key, held: Scopes, item: Wire): Wire {
  const rules = ANSWER_RULES[keyOf(operation)];
  if (rules === undefined) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => holdsOneOf(held, neededFor(rules, name))));
}

function tell(verb: string, rules: PropertyRules | undefined): string[] {
  const named = (rules?.named ?? []).map(
    ({ properties, scopes }) => `${verb} ${properties.join(', ')} takes ${scopes.join(' or ')}`,
  );
  const others = rules?.others === undefined ? [] : [`${verb} anything else takes ${rules.others.join(' or ')}`];
  return [...named, ...others];
}

/**
 * Describes the rules of an endpoint in one sentence each, for the served OpenAPI document; undefined without rules.
 */
export function describeProperties(operation: Key): string | undefined {
  const key = keyOf(operation);
  const told = [...tell('sending', BODY_RULES[key]), ...tell('seeing', ANSWER_RULES[key])];
  return told.length === 0 ? undefined : `Scopes of single properties: ${told.join('; ')}.`;
}
