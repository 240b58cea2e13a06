/** Refusals about organizations, their domains and connections, and the set-up by the customer. See sentence.ts. */
import type { Sentence } from './sentence.js';

const GONE = 'This connection is not there any more. It may have been deleted meanwhile.';

export const COMPANY_SENTENCES: readonly Sentence[] = [
  ['An organization with this name already exists.', 'name', 'Another organization has this name. Choose another one.'],
  [
    'No organization found by that id or name',
    '',
    'This organization is not there any more. It may have been deleted meanwhile.',
  ],
  ['No connection found by that id', '', 'The organization does not use this connection any more.'],
  ['No organization domain found by that id', '', 'This domain is not in the list any more. Reload the page.'],
  ['…: this server has … alone, not ….', '', 'This server has one value alone for this setting. Leave it as it is.'],
  ['The organization has this domain already.', 'domain', 'This domain is in the list already.'],
  [
    'The domain has been verified by another organization.',
    'domain',
    'Another organization has proved this domain, and a domain belongs to one alone.',
  ],
  ['…: no organization can verify it.', 'domain', '$1. It cannot be the domain of one company.'],
  [
    '… is too long a name for DNS, so … cannot be proved by a record: set status to verified instead.',
    'domain',
    'A record for this domain would have too long a name. Vouch for the domain instead.',
  ],
  ['The connection does not exist', '', GONE],
  ['A connection with the same name already exists', 'name', 'Another connection has this name. Choose another one.'],
  ['A connection with this name already exists.', 'name', 'Another connection has this name. Choose another one.'],
  [
    'Nobody could sign in over this connection: its identity provider does not answer as the options say (…: …). Correct the addresses in options, or what the provider answers. To store it as it is, add …=false to the query.',
    'options',
    'The identity provider does not answer as these settings say, so nobody could sign in: $2. Correct what is typed here, or the settings at the provider.',
  ],
  [
    'options.domain_aliases takes a list of at most … domains.',
    'options.domain_aliases',
    'At most $1 domains are possible here.',
  ],
  [
    'options.domain_aliases: … is not a domain.',
    'options.domain_aliases',
    '$1 is not a domain. Write one such as company.example, without @ and https://.',
  ],
  [
    'options.issuer takes at most … characters.',
    'options.issuer',
    'This is too long: at most $1 characters are possible.',
  ],
  [
    'options.… takes an absolute http(s) URL.',
    'options',
    'One of the addresses is not one of the web. It begins with https:// or http://.',
  ],
  [
    'options.token_endpoint_auth_method: private_key_jwt is for the strategies oidc and okta.',
    'options',
    'This provider takes a client secret alone, no key.',
  ],
  ['options takes at most … bytes.', 'options', 'The settings are too long together: at most $1 bytes are possible.'],
  [
    'options.… holds secrets that nothing here would use: leave it out.',
    'options',
    'The settings have a secret that this server would not use. Leave it out.',
  ],
  [
    'options.… is not an RSA private key in PEM, as a text or as { key, cert }.',
    'options',
    'This is not a private RSA key in PEM (-----BEGIN PRIVATE KEY-----).',
  ],
  ['options.… takes a text….', 'options', 'One of the settings is not a text.'],
  ['options.… takes a text.', 'options', 'One of the settings is not a text.'],
  [
    'The strategy … is not available on this server: nobody could sign in over it. It offers ….…',
    'strategy',
    'This server has no such kind of connection.',
  ],
  [
    'options.… is not an option of …, whose addresses are fixed. For another provider use the strategy oidc.',
    'options',
    'The addresses of this provider are fixed. For another one choose OpenID Connect.',
  ],
  [
    'options.tenant_domain takes a domain of the Google Workspace, as acme.example.',
    'options.tenant_domain',
    'Write the domain of the Google Workspace, as company.example.',
  ],
  ['options.… ….', 'options', 'One of the settings does not fit this provider: $2.'],
  ['options: ….', 'options', 'The settings do not fit this provider: $1.'],
  [
    'The options were changed after they were read: read the connection again, and send its options with your change.',
    '',
    'Somebody else changed these settings meanwhile. Reload the page, and do it again.',
  ],
  [
    'Somebody changed the connection at the same time. Nothing was done: send it again.',
    '',
    'Somebody else changed the connection at the same moment. Nothing was changed: do it again.',
  ],
  [
    'One or more of the specified clients do not exist: …',
    '',
    'One of the applications is not there any more. Reload the page.',
  ],
  ['The organization connection already exists.', 'connection_id', 'The organization uses this connection already.'],
  ['pilot_emails: … is not an address.', 'pilot_emails', '$1 is not an e-mail address.'],
  [
    'Only database connections with assign_membership_on_login = true support is_signup_enabled = true.',
    'is_signup_enabled',
    'People can sign up by themselves only where auto-membership is on, and passwords are kept here.',
  ],
  [
    'sso_rollout = required needs a connection to an identity provider, not a database connection.',
    'sso_rollout',
    'The company’s sign-in can be required only for a connection to an identity provider.',
  ],
  [
    'pilot_emails needs a connection to an identity provider, not a database connection.',
    'pilot_emails',
    'A pilot group is for connections to an identity provider.',
  ],
  [
    'auto_membership_condition is not a usable expression: …',
    'auto_membership_condition',
    'The condition cannot be read: $1',
  ],
  [
    'This connection type does not support SCIM.',
    '',
    'A directory cannot send its people to a connection of this kind.',
  ],
  [
    'The connection has no SCIM configuration.',
    '',
    'The directory of this connection is switched off. Switch it on first.',
  ],
  [
    'The connection has a SCIM configuration already.',
    '',
    'The directory of this connection is switched on already. Reload the page.',
  ],
  [
    'SCIM cannot provision a connection that many tenants sign in over (useCommonEndpoint).',
    '',
    'Many companies sign in over this connection, so no single directory can send its people.',
  ],
  [
    'Maximum of 2 tokens already issued for this connection',
    '',
    'There are two tokens already, which is all that are possible. Delete one that is not in use.',
  ],
  ['The token does not exist.', '', 'This token is not there any more. Reload the page.'],
  ['A ticket names at most … domains.', 'domain_aliases_config', 'A link can name at most $1 domains.'],
  [
    '… is not a domain.',
    'domain_aliases_config',
    '$1 is not a domain. Write one such as company.example, without @ and https://.',
  ],
  ['…: no company signs it in.', 'domain_aliases_config', '$1. It cannot be the domain of one company.'],
  [
    'needs_organization: an organization uses this connection. Switch it off there first, then allow sign-ins without an organization.',
    '',
    'An organization uses this connection. Switch it off there first, then allow sign-ins without an organization.',
  ],
  [
    'enabled_organizations names exactly one organization on this server: the customer whose sign-in it is.',
    'enabled_organizations',
    'Choose the organization that the link is for.',
  ],
  [
    'Give connection_config.name for a new connection, or connection_id for one that exists.',
    'connection_config.name',
    'Write a name for the new connection.',
  ],
  [
    'A database connection has no identity provider to set up.',
    'connection_id',
    'This connection keeps passwords: there is no identity provider to set up.',
  ],
  [
    'Another organization uses this connection too: no customer may change it alone.',
    'connection_id',
    'Another organization uses this connection too, so no single customer may change it.',
  ],
  ['The ticket does not exist.', '', 'This link is not there any more: it has ended already.'],
  [
    'There are … self-service profiles already: delete one first.',
    '',
    'There are $1 profiles for set-up links already. Delete one by the Management API first.',
  ],
  [
    'The self-service profile does not exist.',
    '',
    'The profile of these links is not there any more. Reload the page.',
  ],
  ['Keys have already been created for this connection.', '', 'This connection has its keys already.'],
];
