/**
 * The pages of the API reference, and the operations of each. Data only; a test fails for an operation on no page or on
 * two.
 */

export interface Area {
  /** Name in the page's address, such as `members` in `api/members.html`. */
  readonly slug: string;
  readonly name: string;
  /** Introduction in Markdown: the purpose of the operations, and the page that describes their behaviour. */
  readonly about: string;
  /** Paths of its operations. An operation belongs to the first area that matches. */
  readonly paths: readonly RegExp[];
}

/** The page with the operations of features that this server lacks. */
export const ABSENT = 'not-there';

export const AREAS: readonly Area[] = [
  {
    slug: 'organizations',
    name: 'Organizations',
    about:
      'Your customers, their domains, and the APIs that applications may use for them. Concept: [Organizations and sign-in](../concepts/organizations-and-sign-in.md). Compared with Auth0: [organizations](../compatibility/organizations.md).',
    paths: [
      /^\/organizations(\/name\/\{name\}|\/\{id\})?$/,
      /^\/organizations\/\{id\}\/(discovery-domains|client-grants|clients)/,
    ],
  },
  {
    slug: 'members',
    name: 'Members and invitations',
    about:
      'Who belongs to an organization, with which roles, and who is invited. Concept: [Admission](../concepts/admission.md).',
    paths: [/^\/organizations\/\{id\}\/(members|invitations)/, /^\/invitations/],
  },
  {
    slug: 'organization-connections',
    name: 'Sign-in of an organization',
    about:
      'By which connections the people of an organization sign in, and who becomes a member by it. Each rule: [Who is this, and may they come in?](../linking-rule.md)',
    paths: [/^\/organizations\/\{id\}\/(enabled_connections|connections)/],
  },
  {
    slug: 'questions',
    name: 'Questions about people',
    about:
      'What a login would be answered, and how the people of an organization can sign in. A rollout asks these: [Moving a company to single sign-on](../guides/move-to-sso.md).',
    paths: [/^\/organizations\/\{id\}\/(explain|people|expected-identities)/],
  },
  {
    slug: 'directories',
    name: 'Directories (SCIM)',
    about:
      'How a company’s directory creates, changes and blocks its people. Guide: [SCIM](../guides/scim.md). Compared with Auth0: [inbound SCIM](../compatibility/scim.md).',
    paths: [/^\/connections\/\{id\}\/scim-configuration/, /^\/connections-scim-configurations/],
  },
  {
    slug: 'connections',
    name: 'Connections',
    about:
      'Identity providers and databases of passwords. Which options each strategy reads: [connections beside Auth0](../compatibility/connections.md).',
    paths: [/^\/connections/],
  },
  {
    slug: 'set-up-links',
    name: 'Set-up links',
    about:
      'Links with which a customer’s administrator connects their provider. Guide: [Set-up by the customer](../guides/set-up-by-customer.md).',
    paths: [/^\/self-service-profiles/],
  },
  {
    slug: 'profiles',
    name: 'Profiles for customers',
    about:
      'What customers may set up by the My Organization API, and where the attributes of their people come from. Compared with Auth0: [My Organization API](../compatibility/my-organization.md#profiles).',
    paths: [/^\/(connection|user-attribute)-profiles/],
  },
  {
    slug: 'roles',
    name: 'Roles and permissions',
    about:
      'Roles, their permissions, and who holds them. Compared with Auth0: [tokens and permissions](../compatibility/tokens.md).',
    paths: [/^\/roles/, /^\/users\/\{id\}\/(roles|permissions)/],
  },
  {
    slug: 'sessions',
    name: 'Sessions and blocks',
    about:
      'Browsers that are signed in, refresh tokens, and people or networks that are blocked after failed attempts.',
    paths: [
      /^\/sessions/,
      /^\/refresh-tokens/,
      /^\/users\/\{user_id\}\/(sessions|refresh-tokens)/,
      /^\/(user-blocks|anomaly)/,
    ],
  },
  {
    slug: 'second-factors',
    name: 'Second factors',
    about:
      'Which factors the tenant accepts, whom it asks for one, and those of a person. Compared with Auth0: [second factors](../compatibility/second-factors.md).',
    paths: [
      /^\/guardian/,
      /^\/users\/\{id\}\/(authentication-methods|authenticators|enrollments|multifactor|recovery-code-regeneration)/,
    ],
  },
  {
    slug: 'users',
    name: 'Users and identities',
    about:
      'Accounts, the identities that sign in to them, and what is known about both. Concept: [Who is who](../concepts/who-is-who.md). Compared with Auth0: [people](../compatibility/people.md).',
    paths: [/^\/users/],
  },
  {
    slug: 'jobs',
    name: 'Imports, exports, tickets',
    about:
      'Users by the thousand, and links for a password or an address. Guide: [Import people with passwords](../guides/import-passwords.md).',
    paths: [/^\/(jobs|tickets)/],
  },
  {
    slug: 'applications',
    name: 'Applications',
    about:
      'OAuth clients: web, single-page and native applications, and machines. Compared with Auth0: [applications](../compatibility/applications.md).',
    paths: [/^\/clients/],
  },
  {
    slug: 'apis',
    name: 'APIs and grants',
    about:
      'APIs that tokens are issued for, and which application may have which scopes. Compared with Auth0: [tokens](../compatibility/tokens.md).',
    paths: [/^\/(resource-servers|client-grants)/],
  },
  {
    slug: 'actions',
    name: 'Actions and modules',
    about:
      'The tenant’s code, its versions, its order and its executions. What the code can do: [Actions](../actions.md).',
    paths: [/^\/actions/],
  },
  {
    slug: 'tenant',
    name: 'Tenant and server',
    about:
      'Settings of the tenant and the node, limits of attempts, signing keys, custom domains, numbers. Compared with Auth0: [tenant](../compatibility/tenant.md).',
    paths: [/^\/(tenants|server|attack-protection|keys|custom-domains|stats)/],
  },
  {
    slug: 'look',
    name: 'Look and words',
    about:
      'Colours, theme, page template and texts. Guides: [the look](../guides/branding.md), [languages and words](../guides/words.md).',
    paths: [/^\/(branding|prompts)/],
  },
  {
    slug: 'mail',
    name: 'Mail',
    about:
      'The tenant’s mail server and its templates. Compared with Auth0: [logs and mails](../compatibility/logs-and-mails.md).',
    paths: [/^\/(emails|email-templates)/],
  },
  {
    slug: 'logs',
    name: 'Log and log streams',
    about: 'What happened, and where it is sent on. Guide: [Log streams](../guides/log-streams.md).',
    paths: [/^\/(logs|log-streams)/],
  },
];

/** Returns the slug of the page for an operation; undefined if no area matches its path. */
export function findArea(path: string): string | undefined {
  return AREAS.find(({ paths }) => paths.some((one) => one.test(path)))?.slug;
}
