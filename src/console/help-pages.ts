/**
 * The documentation page for each place of the console; the first matching row applies. A test checks that the pages
 * and headings exist.
 */

export interface HelpPage {
  /** Matches the addresses below /console that this documentation page explains. */
  readonly place: RegExp;
  /** Path of the page below docs/, with a heading after `#` if only one part is meant. */
  readonly page: string;
  readonly name: string;
}

export const HELP_PAGES: readonly HelpPage[] = [
  { place: /^\/log/, page: 'guides/console.md#refusals-and-log', name: 'Refusals and log' },
  { place: /^\/invitations/, page: 'guides/console.md#invitations', name: 'Invitations' },
  { place: /^\/organizations\/[^/]+\/rollout/, page: 'guides/move-to-sso.md', name: 'Moving to single sign-on' },
  { place: /^\/organizations\/[^/]+\/branding/, page: 'guides/branding.md', name: 'Branding' },
  { place: /^\/organizations\/[^/]+\/connections\/./, page: 'linking-rule.md', name: 'Who can sign in' },
  {
    place: /^\/organizations\/[^/]+\/connections/,
    page: 'guides/console.md#connections-and-domains-of-an-organization',
    name: 'Connections and domains',
  },
  {
    place: /^\/organizations\/[^/]+\/changes/,
    page: 'guides/console.md#changes-by-customers',
    name: 'Changes by customers',
  },
  {
    place: /^\/organizations\/[^/]+\/applications/,
    page: 'guides/console.md#applications-of-an-organization',
    name: 'Applications of an organization',
  },
  { place: /^\/organizations\/[^/]+\/invitations/, page: 'guides/console.md#invitations', name: 'Invitations' },
  {
    place: /^\/organizations\/[^/]+\/settings/,
    page: 'guides/console.md#branding-rollout-and-settings-of-an-organization',
    name: 'Settings of an organization',
  },
  {
    place: /^\/organizations\/./,
    page: 'guides/console.md#members-of-an-organization',
    name: 'Members of an organization',
  },
  { place: /^\/organizations/, page: 'guides/console.md#organizations', name: 'Organizations' },
  { place: /^\/people\/[^/]+\/factors/, page: 'guides/second-factor.md', name: 'Second factors' },
  { place: /^\/people/, page: 'guides/console.md#people', name: 'People' },
  { place: /^\/connections\/[^/]+\/directory/, page: 'guides/scim.md', name: 'Directory (SCIM)' },
  {
    place: /^\/connections\/[^/]+\/organizations/,
    page: 'guides/console.md#try-a-connection-or-send-a-set-up-link',
    name: 'Testing a connection',
  },
  { place: /^\/connections/, page: 'guides/console.md#connections', name: 'Connections' },
  { place: /^\/applications\/[^/]+\/code/, page: 'guides/console.md#ready-code', name: 'Ready code' },
  {
    place: /^\/applications\/([^/]+\/customers|roles)/,
    page: 'guides/console.md#customers-and-roles',
    name: 'Customers and roles',
  },
  {
    place: /^\/applications\/([^/]+\/access|apis)/,
    page: 'guides/console.md#access-to-connections-and-apis',
    name: 'Access to connections and APIs',
  },
  { place: /^\/applications/, page: 'guides/console.md#applications', name: 'Applications' },
  { place: /^\/actions\/modules/, page: 'guides/console.md#modules-of-actions', name: 'Modules of Actions' },
  {
    place: /^\/actions\/[^/]+\/(test|versions|executions)/,
    page: 'guides/console.md#test-versions-and-executions-of-an-action',
    name: 'Test, versions, executions',
  },
  {
    place: /^\/actions(\/order)?$/,
    page: 'guides/console.md#list-and-order-of-actions',
    name: 'List and order of Actions',
  },
  { place: /^\/actions/, page: 'actions.md', name: 'Actions' },
  { place: /^\/settings\/mail/, page: 'guides/production.md#8-mail', name: 'Mail in production' },
  { place: /^\/settings\/keys/, page: 'operations.md#the-key-that-signs-tokens', name: 'Keys' },
  { place: /^\/settings\/limits/, page: 'errors.md#limits', name: 'Limits' },
  { place: /^\/settings\/second-factors/, page: 'guides/second-factor.md', name: 'Second factors' },
  { place: /^\/settings\/operators/, page: 'operations.md#operators', name: 'Operators' },
  { place: /^\/settings\/languages/, page: 'guides/words.md', name: 'Languages and texts' },
  { place: /^\/settings\/(look|theme)/, page: 'guides/branding.md', name: 'Branding' },
  { place: /^\/settings\/streams/, page: 'guides/log-streams.md', name: 'Log streams' },
  { place: /^\/settings\/api/, page: 'api/README.md', name: 'API reference' },
  { place: /^\/settings\/?$/, page: 'configuration.md', name: 'Configuration' },
  { place: /^\/$/, page: 'guides/console.md#today', name: 'Today' },
  { place: /^\//, page: 'guides/console.md', name: 'The console' },
];

/** The documentation page with code for frameworks that the console has no ready code for. */
export const RECIPES_PAGE = 'guides/recipes.md';

/** Returns the address of a documentation page, whose path is below docs/. */
export const toHelp = (page: string): string =>
  `/console/help/${page.replace('README.md', '').replace('.md', '.html')}`;

/** Returns the address and name of the documentation page for `path`. */
export function findHelp(path: string): { readonly href: string; readonly name: string } {
  const { page, name } = HELP_PAGES.find(({ place }) => place.test(path)) ?? {
    page: 'README.md',
    name: 'Documentation',
  };
  return { href: toHelp(page), name };
}
