/**
 * The facts about Auth0 on which a rollout relies: their source, how certain they are, and the check that detects when
 * one does not hold. Printed by `plan`, and listed in docs/auth0-double.md. A fact that is not documented is never
 * relied on without a check.
 */

/**
 * How sure a fact about Auth0 is. `documented`: Auth0's own schema or recorded answers. `stated`: Auth0's prose.
 * `inferred`: follows from these, but nobody has stated it.
 */
export type Sureness = 'documented' | 'stated' | 'inferred';

export interface Fact {
  readonly step: string;
  readonly fact: string;
  readonly sure: Sureness;
  readonly source: string;
  readonly check: string;
}

const DOCS = 'https://auth0.com/docs';

/** Facts about Auth0 on which a rollout relies, in the order of its steps. */
export const AUTH0_FACTS: readonly Fact[] = [
  {
    step: 'scim',
    fact: 'The inbound SCIM of an oidc, okta, waad or samlp connection can be configured by the Management API, with two tokens at most.',
    sure: 'documented',
    source: `${DOCS}/api/management/v2/connections/post-scim-configuration`,
    check: 'The configuration is read back, and the token list before a token is made.',
  },
  {
    step: 'create',
    fact: 'A SCIM user gets the id that the later sign-in brings: strategy, connection and the value of user_id_attribute.',
    sure: 'stated',
    source: `${DOCS}/authenticate/protocols/scim/configure-inbound-scim`,
    check: 'The id in the answer is compared with the id of the sign-in before anything is linked.',
  },
  {
    step: 'link',
    fact: 'A secondary identity signs in as the primary user, with its id, memberships and roles.',
    sure: 'stated',
    source: `${DOCS}/manage-users/user-accounts/user-account-linking`,
    check: 'verify reads identity, membership and roles back for each person.',
  },
  {
    step: 'link',
    fact: 'The membership of an organization is looked up for the primary user, before any Action runs.',
    sure: 'inferred',
    source: 'https://community.auth0.com/t/unlinking-primary-identity/26421',
    check: 'Move a pilot group first (--limit 5), let one of them sign in, then go on.',
  },
  {
    step: 'link',
    fact: 'Being a secondary identity changes the SCIM id of a person: a SCIM client that provisions later will not find it by the old id.',
    sure: 'stated',
    source: `${DOCS}/authenticate/protocols/scim/configure-inbound-scim`,
    check: 'None is possible. Where the company provisions by SCIM itself, do not roll out this way.',
  },
  {
    step: 'scim',
    fact: 'Removing the SCIM configuration leaves the users that it made.',
    sure: 'inferred',
    source: `${DOCS}/authenticate/protocols/scim/configure-inbound-scim`,
    check: 'verify reads each linked identity after the configuration is gone.',
  },
  {
    step: 'settings',
    fact: 'PATCH of a connection replaces all of its options; a GET shows all of them to a client with read:connections_options.',
    sure: 'documented',
    source: `${DOCS}/api/management/v2/connections/patch-connections-by-id`,
    check: 'The options are read at once before they are sent; an answer without them stops the work.',
  },
  {
    step: 'rollback',
    fact: 'An unlinked identity becomes a user of its own, without metadata, and can be deleted.',
    sure: 'documented',
    source: `${DOCS}/api/management/v2/users/delete-user-identity-by-user-id`,
    check: 'The account is looked up by its id before it is deleted, and is never the person’s own.',
  },
  {
    step: 'rollback',
    fact: 'The log tells by which connection a person signed in, for as long as the plan of the tenant keeps it.',
    sure: 'documented',
    source: `${DOCS}/deploy-monitor/logs/log-data-retention`,
    check: 'Where the log is older than the apply, roll back within its retention.',
  },
];
