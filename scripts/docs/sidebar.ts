/**
 * The order of the documentation: groups of pages, as readers meet them. One row is one page, by its path in the site; a page that is missing here is a
 * failing test.
 */

interface SidebarPage {
  readonly path: string;
  /** In place of the page's own title, where that is long. */
  readonly name?: string;
}

export interface SidebarGroup {
  readonly name: string;
  readonly pages: readonly SidebarPage[];
}

export const SIDEBAR: readonly SidebarGroup[] = [
  {
    name: 'Start',
    pages: [
      { path: 'index.md', name: 'What it is for' },
      { path: 'start.md' },
      { path: 'guides/first-customer.md' },
      { path: 'guides/console.md' },
      { path: 'examples/onboarding.md', name: 'The same by hand' },
    ],
  },
  {
    name: 'Concepts',
    pages: [
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
    pages: [
      { path: 'quickstarts/express.md', name: 'express' },
      { path: 'quickstarts/nextjs.md', name: 'Next.js' },
      { path: 'quickstarts/react.md', name: 'React' },
      { path: 'quickstarts/vue.md', name: 'Vue' },
      { path: 'quickstarts/python.md', name: 'Python' },
      { path: 'quickstarts/go.md', name: 'Go' },
      { path: 'quickstarts/spring.md', name: 'Java with Spring Boot' },
      { path: 'quickstarts/machine.md', name: 'Machines' },
    ],
  },
  {
    name: 'Guides: a company signs in',
    pages: [
      { path: 'guides/move-to-sso.md', name: 'Move it to single sign-on' },
      { path: 'guides/set-up-by-customer.md', name: 'Let it set that up' },
      { path: 'guides/connect-okta.md' },
      { path: 'guides/connect-entra.md' },
      { path: 'guides/connect-google.md' },
      { path: 'guides/connect-keycloak.md' },
      { path: 'guides/connect-saml.md', name: 'Connect by SAML' },
      { path: 'guides/prove-a-domain.md' },
      { path: 'guides/scim.md', name: 'Directory (SCIM)' },
      { path: 'guides/recreated-account.md' },
    ],
  },
  {
    name: 'Guides: run it',
    pages: [
      { path: 'guides/production.md' },
      { path: 'operations.md', name: 'Runbook' },
      { path: 'guides/monitoring.md' },
      { path: 'guides/log-streams.md' },
      { path: 'guides/branding.md', name: 'The look of the pages' },
      { path: 'guides/words.md', name: 'Languages and words' },
    ],
  },
  {
    name: 'Guides: with Auth0, and from it',
    pages: [
      { path: 'guides/move-from-auth0.md', name: 'Move a whole tenant' },
      { path: 'guides/import-passwords.md', name: 'Import people with passwords' },
      { path: 'guides/move-from-others.md', name: 'People from Keycloak, Django, …' },
      { path: 'guides/guard.md', name: 'Stay: strangers out' },
      { path: 'guard.md', name: 'Stay: check an Action' },
      { path: 'auth0-double.md' },
    ],
  },
  {
    name: 'Reference',
    pages: [
      { path: 'actions.md' },
      { path: 'auth0-operations.md', name: 'Management API' },
      { path: 'configuration.md' },
      { path: 'command-line.md' },
      { path: 'errors.md' },
    ],
  },
  {
    name: 'Reference: beside Auth0',
    pages: [
      { path: 'auth0-compatibility.md', name: 'At a glance' },
      { path: 'compatibility/sign-in.md', name: 'Sign-in and OAuth' },
      { path: 'compatibility/tokens.md', name: 'Tokens and permissions' },
      { path: 'compatibility/applications.md', name: 'Applications and powers' },
      { path: 'compatibility/connections.md', name: 'Connections' },
      { path: 'compatibility/organizations.md', name: 'Organizations' },
      { path: 'compatibility/people.md', name: 'Users, imports, exports' },
      { path: 'compatibility/scim.md', name: 'Inbound SCIM' },
      { path: 'compatibility/self-service.md', name: 'Set-up by the customer' },
      { path: 'compatibility/actions.md', name: 'Actions' },
      { path: 'compatibility/management-api.md', name: 'Management API' },
      { path: 'compatibility/tenant.md', name: 'Settings of the tenant' },
      { path: 'compatibility/logs-and-mails.md', name: 'Logs and mails' },
      { path: 'compatibility/tools.md', name: 'Libraries and tools' },
      { path: 'compatibility/missing.md', name: 'What is missing' },
    ],
  },
  {
    name: 'Trust',
    pages: [
      { path: 'reliability.md', name: 'What is proven' },
      { path: 'security.md', name: 'Threats and checks' },
      { path: 'performance.md' },
      { path: 'adr/index.md', name: 'Decisions' },
    ],
  },
  { name: 'The project', pages: [{ path: 'changelog.md' }, { path: 'contributing.md' }] },
];
