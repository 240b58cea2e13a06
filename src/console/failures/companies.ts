/**
 * The console's words for refusals about organizations, their domains and connections, and the set-up by the customer.
 * sentence.ts says how they are matched.
 */
import type { Sentence } from './sentence.js';

const GONE = 'This connection no longer exists. Somebody may have deleted it.';

export const COMPANY_SENTENCES: readonly Sentence[] = [
  [
    'An organization with this name already exists.',
    'name',
    'Another organization already has this name. Choose a different name.',
  ],
  ['No organization found by that id or name', '', 'This organization no longer exists. Somebody may have deleted it.'],
  ['No connection found by that id', '', 'The organization no longer uses this connection. Reload the page.'],
  [
    'The client is not associated with this organization.',
    '',
    'The organization no longer has this application. Reload the page.',
  ],
  [
    'A client is already associated with this organization.',
    '',
    'The organization already has this application. Reload the page.',
  ],
  [
    'An organization can be associated with at most … clients.',
    '',
    'An organization can have at most $1 applications. Remove one first.',
  ],
  [
    'is_app_entitlement_active: applications enter the organization of the operators by a client grant for the Management API.',
    '',
    'Sign-ins to the operators’ own organization cannot be limited.',
  ],
  [
    'mfa: the organization would ask for a second factor and accept none that counts alone, so its members could not sign in. … Name it in mfa_factors, or leave mfa_factors empty.',
    'mfa',
    'Members could not sign in, because no factor that counts alone would be accepted. Accept an authenticator app or security keys here, and switch them on under Settings, Second factors.',
  ],
  ['No organization domain found by that id', '', 'This domain was removed from the organization. Reload the page.'],
  ['The organization has this domain already.', 'domain', 'The organization already has this domain.'],
  [
    'The domain has been verified by another organization.',
    'domain',
    'Another organization has verified this domain. A domain can belong to only one organization.',
  ],
  ['…: no organization can verify it.', 'domain', '$1. It cannot belong to a single company.'],
  [
    '… is too long a name for DNS, so … cannot be proved by a record: set status to verified instead.',
    'domain',
    'The DNS record for this domain would have too long a name. Use “Mark as verified” instead.',
  ],
  ['The connection does not exist', '', GONE],
  [
    'A connection with the same name already exists',
    'name',
    'Another connection already has this name. Choose a different name.',
  ],
  [
    'A connection with this name already exists.',
    'name',
    'Another connection already has this name. Choose a different name.',
  ],
  [
    'Nobody could sign in over this connection: its identity provider does not answer as the options say (…: …). Correct the addresses in options, or what the provider answers. To store it as it is, add …=false to the query.',
    'options',
    'The identity provider does not answer as these settings say, so nobody could sign in: $2. Correct the settings here or at the provider.',
  ],
  [
    'options.domain_aliases takes a list of at most … domains.',
    'options.domain_aliases',
    'A connection can have at most $1 domains. Remove some.',
  ],
  [
    'options.domain_aliases: … is not a domain.',
    'options.domain_aliases',
    '$1 is not a domain. Write it like company.example, without @ or https://.',
  ],
  ['options.issuer takes at most … characters.', 'options.issuer', 'This is too long. The maximum is $1 characters.'],
  [
    'options.… takes an absolute http(s) URL.',
    'options',
    'One of the addresses is not a web address. It must begin with https:// or http://.',
  ],
  [
    'options.token_endpoint_auth_method: private_key_jwt is for the strategies oidc and okta.',
    'options',
    'This provider supports only a client secret, not a key.',
  ],
  ['options takes at most … bytes.', 'options', 'The settings together are too long. The maximum is $1 bytes.'],
  [
    'options.… holds secrets that nothing here would use: leave it out.',
    'options',
    'The settings contain a secret that this server does not use. Remove it.',
  ],
  [
    'options.… is not an RSA private key in PEM, as a text or as { key, cert }.',
    'options',
    'This is not a private RSA key in PEM format. PEM begins with -----BEGIN PRIVATE KEY-----.',
  ],
  ['options.… takes a text….', 'options', 'One of the settings must be text.'],
  ['options.… takes a text.', 'options', 'One of the settings must be text.'],
  [
    'The strategy … is not available on this server: nobody could sign in over it. It offers ….…',
    'strategy',
    'This server does not support this type of connection. Choose another one.',
  ],
  [
    'options.… is not an option of …, whose addresses are fixed. For another provider use the strategy oidc.',
    'options',
    'The addresses of this provider are fixed. For another provider, choose OpenID Connect.',
  ],
  [
    'options.tenant_domain takes a domain of the Google Workspace, as acme.example.',
    'options.tenant_domain',
    'Enter the domain of the Google Workspace, for example company.example.',
  ],
  ['options.… ….', 'options', 'One of the settings does not fit this provider: $2.'],
  ['options: ….', 'options', 'The settings do not fit this provider: $1.'],
  [
    'The options were changed after they were read: read the connection again, and send its options with your change.',
    '',
    'Somebody else has changed these settings since. Reload the page and make your change again.',
  ],
  [
    'Somebody changed the connection at the same time. Nothing was done: send it again.',
    '',
    'Somebody else changed the connection at the same moment, so nothing was saved. Try again.',
  ],
  [
    'One or more of the specified clients do not exist: …',
    '',
    'One of the applications no longer exists. Reload the page.',
  ],
  ['The organization connection already exists.', 'connection_id', 'The organization already uses this connection.'],
  ['pilot_emails: … is not an address.', 'pilot_emails', '$1 is not an email address.'],
  [
    'Only database connections with assign_membership_on_login = true support is_signup_enabled = true.',
    'is_signup_enabled',
    'Sign-up needs a connection with passwords, with auto-membership turned on. Turn on auto-membership first.',
  ],
  [
    'sso_rollout = required needs a connection to an identity provider, not a database connection.',
    'sso_rollout',
    'Only a connection to an identity provider can be made the required sign-in.',
  ],
  [
    'pilot_emails needs a connection to an identity provider, not a database connection.',
    'pilot_emails',
    'Only a connection to an identity provider can have a pilot group.',
  ],
  [
    'auto_membership_condition is not a usable expression: …',
    'auto_membership_condition',
    'The condition cannot be read: $1',
  ],
  ['This connection type does not support SCIM.', '', 'This type of connection does not support SCIM.'],
  ['The connection has no SCIM configuration.', '', 'SCIM is turned off for this connection. Turn it on first.'],
  [
    'The connection has a SCIM configuration already.',
    '',
    'SCIM is already turned on for this connection. Reload the page.',
  ],
  [
    'SCIM cannot provision a connection that many tenants sign in over (useCommonEndpoint).',
    '',
    'Many companies share this connection, so a single directory cannot provision it.',
  ],
  [
    'Maximum of 2 tokens already issued for this connection',
    '',
    'This connection already has two tokens, which is the maximum. Delete one that is not in use.',
  ],
  ['The token does not exist.', '', 'This token no longer exists. Reload the page.'],
  [
    'A ticket names at most … domains.',
    'domain_aliases_config',
    'A set-up link can name at most $1 domains. Remove some.',
  ],
  [
    '… is not a domain.',
    'domain_aliases_config',
    '$1 is not a domain. Write it like company.example, without @ or https://.',
  ],
  ['…: no company signs it in.', 'domain_aliases_config', '$1. It cannot belong to a single company.'],
  [
    'needs_organization: an organization uses this connection. Switch it off there first, then allow sign-ins without an organization.',
    '',
    'An organization uses this connection. Disable it there first, then allow sign-ins without an organization.',
  ],
  [
    'The administrators of an organization manage this connection, so nobody signs in with it outside that organization. Take it over first (managed_by_organization: null).',
    '',
    'The administrators of an organization manage this connection, so nobody signs in with it elsewhere. Take it over first.',
  ],
  [
    'The administrators of another organization manage this connection, so only that organization uses it. Take it over first (managed_by_organization: null).',
    'connection_id',
    'The administrators of another organization manage this connection, so only that organization uses it. Take it over first.',
  ],
  [
    'managed_by_organization: another organization uses this connection, or people sign in with it outside organizations.',
    '',
    'Another organization uses this connection, or people sign in with it outside organizations.',
  ],
  [
    'assign_membership_on_login: prove a domain of your company by DNS and add it to this connection first. Only people with an address in it become members.',
    'assign_membership_on_login',
    'The organization manages this connection. It has to prove a domain by DNS and add it to the connection first: only people with an address in it become members.',
  ],
  [
    'enabled_organizations names exactly one organization on this server: the customer whose sign-in it is.',
    'enabled_organizations',
    'Choose the organization that the set-up link is for.',
  ],
  [
    'Give connection_config.name for a new connection, or connection_id for one that exists.',
    'connection_config.name',
    'Enter a name for the new connection.',
  ],
  [
    'A database connection has no identity provider to set up.',
    'connection_id',
    'This connection stores passwords, so there is no identity provider to set up.',
  ],
  [
    'Another organization uses this connection too: no customer may change it alone.',
    'connection_id',
    'Another organization also uses this connection, so a set-up link for one customer is not allowed.',
  ],
  ['The ticket does not exist.', '', 'This set-up link no longer exists. It may have expired or been revoked.'],
  [
    'There are … self-service profiles already: delete one first.',
    '',
    'There are already $1 profiles for set-up links. Delete one with the Management API first.',
  ],
  ['The self-service profile does not exist.', '', 'The profile for set-up links no longer exists. Reload the page.'],
  ['Keys have already been created for this connection.', '', 'This connection already has its keys.'],
];
