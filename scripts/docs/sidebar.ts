/**
 * The order of the documentation: groups of pages. One row is one page, by its path in the site. A test fails for a
 * missing page and for a repeated name.
 */
import { ABSENT, AREAS } from './api/areas.js';

interface SidebarPage {
  readonly path: string;
  /** Name in the list, if the page's own title is too long. */
  readonly name?: string;
}

/** A heading with pages below it. With a path the heading is a page itself. */
export interface SidebarGroup {
  readonly name: string;
  readonly path?: string;
  readonly entries: readonly (SidebarPage | SidebarGroup)[];
  /**
   * True for a list that is folded until one of its pages is open. Such a heading needs a path: without one the
   * generator nests two buttons.
   */
  readonly isFolded?: true;
}

const API: SidebarGroup = {
  name: 'Management API',
  path: 'api/index.md',
  isFolded: true,
  entries: [
    ...AREAS.map(({ slug, name }) => ({ path: `api/${slug}.md`, name })),
    { path: `api/${ABSENT}.md`, name: 'Absent features' },
  ],
};

export const SIDEBAR: readonly SidebarGroup[] = [
  {
    name: 'Start',
    entries: [
      { path: 'index.md', name: 'What it is for' },
      { path: 'start.md' },
      { path: 'guides/first-customer.md' },
      { path: 'guides/console.md' },
      { path: 'examples/onboarding.md', name: 'The same by hand' },
    ],
  },
  {
    name: 'Concepts',
    entries: [
      { path: 'concepts/organizations-and-sign-in.md', name: 'Organizations and sign-in' },
      { path: 'concepts/who-is-who.md', name: 'Who is who' },
      { path: 'concepts/admission.md', name: 'Admission' },
      { path: 'concepts/actions.md', name: 'Where your code runs' },
      { path: 'concepts/rollout.md', name: 'Rollout' },
      { path: 'linking-rule.md' },
      { path: 'ARCHITECTURE.md' },
    ],
  },
  {
    name: 'Quickstarts',
    entries: [
      { path: 'quickstarts/express.md', name: 'express' },
      { path: 'quickstarts/nextjs.md', name: 'Next.js' },
      { path: 'quickstarts/react.md', name: 'React' },
      { path: 'quickstarts/vue.md', name: 'Vue' },
      { path: 'quickstarts/python.md', name: 'Python' },
      { path: 'quickstarts/go.md', name: 'Go' },
      { path: 'quickstarts/spring.md', name: 'Java with Spring Boot' },
      { path: 'quickstarts/machine.md', name: 'Machines' },
      { path: 'examples/organization-settings.md' },
      { path: 'guides/recipes.md', name: 'Other frameworks' },
    ],
  },
  {
    name: 'Guides',
    entries: [
      {
        name: 'A company signs in',
        entries: [
          { path: 'guides/move-to-sso.md', name: 'Move it to single sign-on' },
          { path: 'guides/set-up-by-customer.md', name: 'Let it set that up' },
          { path: 'guides/connect-okta.md' },
          { path: 'guides/connect-entra.md' },
          { path: 'guides/connect-google.md' },
          { path: 'guides/connect-keycloak.md' },
          { path: 'guides/connect-saml.md', name: 'Connect by SAML' },
          { path: 'guides/prove-a-domain.md' },
          { path: 'guides/second-factor.md', name: 'Require a second factor' },
          { path: 'guides/scim.md', name: 'Directory (SCIM)' },
          { path: 'guides/recreated-account.md' },
        ],
      },
      {
        name: 'Run it',
        entries: [
          { path: 'guides/production.md' },
          { path: 'guides/cluster.md' },
          { path: 'guides/restore.md' },
          { path: 'guides/passkeys.md' },
          { path: 'operations.md', name: 'Runbook' },
          { path: 'guides/monitoring.md' },
          { path: 'guides/log-streams.md' },
          { path: 'guides/branding.md', name: 'The look of the pages' },
          { path: 'guides/words.md', name: 'Languages and words' },
          { path: 'guides/account-page.md', name: 'The account page' },
        ],
      },
      {
        name: 'With Auth0, and from it',
        entries: [
          { path: 'guides/move-from-auth0.md', name: 'Move a whole tenant' },
          { path: 'guides/import-passwords.md', name: 'Import people with passwords' },
          { path: 'guides/move-from-others.md', name: 'People from Keycloak, Django, …' },
          { path: 'guides/guard.md', name: 'Stay: strangers out' },
          { path: 'guard.md', name: 'Stay: check an Action' },
          { path: 'auth0-double.md' },
        ],
      },
    ],
  },
  {
    name: 'Reference',
    entries: [
      API,
      { path: 'command-line.md', name: 'Command line' },
      { path: 'configuration.md', name: 'Configuration' },
      { path: 'errors.md', name: 'Errors' },
      { path: 'actions.md', name: 'Actions' },
      {
        name: 'Compared with Auth0',
        path: 'auth0-compatibility.md',
        isFolded: true,
        entries: [
          { path: 'compatibility/sign-in.md', name: 'Sign-in and OAuth' },
          { path: 'compatibility/tokens.md', name: 'Tokens and permissions' },
          { path: 'compatibility/applications.md', name: 'Applications and powers' },
          { path: 'compatibility/connections.md', name: 'Connections compared' },
          { path: 'compatibility/organizations.md', name: 'Organizations compared' },
          { path: 'compatibility/people.md', name: 'Users, imports, exports' },
          { path: 'compatibility/second-factors.md', name: 'Second factors compared' },
          { path: 'compatibility/my-organization.md', name: 'My Organization compared' },
          { path: 'compatibility/scim.md', name: 'SCIM compared' },
          { path: 'compatibility/self-service.md', name: 'Set-up compared' },
          { path: 'compatibility/actions.md', name: 'Actions compared' },
          { path: 'compatibility/management-api.md', name: 'Management API compared' },
          { path: 'auth0-operations.md', name: 'Every operation of Auth0' },
          { path: 'compatibility/tenant.md', name: 'Settings of the tenant' },
          { path: 'compatibility/logs-and-mails.md', name: 'Logs and mails' },
          { path: 'compatibility/tools.md', name: 'Libraries and tools' },
          { path: 'compatibility/missing.md', name: 'What is missing' },
          { path: 'compatibility/without-effect.md' },
        ],
      },
    ],
  },
  {
    name: 'Trust',
    entries: [
      { path: 'security.md', name: 'Security' },
      { path: 'reliability.md', name: 'Reliability' },
      { path: 'performance.md', name: 'Performance' },
      { path: 'scale.md', name: 'Scale' },
      { path: 'adr/index.md', name: 'Decisions' },
      { path: 'changelog.md', name: 'Changelog' },
      { path: 'contributing.md', name: 'Contributing' },
    ],
  },
];

/** Returns every page of `entries` in order, with its name in the list. */
export function listPages(entries: readonly (SidebarPage | SidebarGroup)[] = SIDEBAR): readonly SidebarPage[] {
  return entries.flatMap((entry) => {
    if (!('entries' in entry)) return [entry];
    const { path, name } = entry;
    return [...(path === undefined ? [] : [{ path, name }]), ...listPages(entry.entries)];
  });
}
