/** The refusals of step 3, resolve: no account, several, or the wrong one. Only data; row.ts describes the columns. */
import { ASK_ADMINISTRATOR } from './advice.js';
import type { RefusalRow } from './row.js';

export const RESOLVE = {
  'resolve.ambiguous_account': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the account cannot be determined',
    title: 'We cannot tell which account is yours',
    sentence: 'This sign-in does not lead to exactly one account of this organization.',
    advice: ASK_ADMINISTRATOR,
    short: 'several accounts match',
    when: 'Several accounts match this sign-in, so none was chosen.',
    do: 'Look at the accounts with this address. Move the membership to the right one, or prepare its identity.',
    doMore: '`GET /api/v2/users-by-email` finds them.',
    fix: 'person',
  },
  'resolve.no_account': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the connection does not open accounts',
    title: 'You have no account here yet',
    sentence: 'Your company signed you in, but this does not open an account here.',
    advice: 'Ask an administrator of your organization to open an account for you, and quote the reference number.',
    short: 'no account, none created',
    when: '{connection} creates no accounts, and this person has none.',
    whenMore: 'Its option is `set_user_root_attributes: never_on_login`.',
    do: 'Create the person first, or allow the connection to create accounts.',
    doMore:
      'Give the user an expected identity (`POST /api/v2/users/{id}/identities`), or set the option to `on_first_login`.',
    fix: 'connection',
  },
  'resolve.other_user': {
    status: 401,
    oauthError: 'login_required',
    description: 'the person who signed in is not the one of id_token_hint',
    title: 'The application expects somebody else',
    sentence: 'The application asked for one person, and you signed in as another.',
    advice: 'Go back to the application and sign in as the person that it knows.',
    short: 'different person expected',
    when: 'The application expected one person, but another signed in.',
    whenMore: 'The request had an `id_token_hint` (OpenID Connect Core 3.1.2.1).',
    do: 'No action is needed, unless the application always names the wrong person.',
    doMore: 'Leave the hint out where any person will do.',
    fix: 'application',
  },
  'resolve.issuer_changed': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the identity provider of this connection was replaced',
    title: 'Your company signs you in differently now',
    sentence: 'Your company uses a new sign-in service. We do not know yet which account there is yours.',
    advice:
      'Ask an administrator of your organization, and quote the reference number. Your account here has not changed.',
    short: 'identity provider replaced',
    when: 'The identity provider of {connection} was replaced, and this person is linked to their identity at the old one.',
    whenMore:
      '`bound_by` in the trace has the former issuer. The same subject under another issuer may be somebody else, so it lets nobody in.',
    do: 'Prepare their identity at the new provider with the Management API (former identities).',
    doMore:
      'Expect these people again, by the same or another subject or by their address: `POST /api/v2/connections/{id}/former-identities` ([linking-rule.md](linking-rule.md#when-the-issuer-changes)).',
    fix: 'connection',
  },
  'resolve.seat_moved': {
    status: 403,
    oauthError: 'access_denied',
    description: 'this sign-in was replaced by another one of the same person',
    title: 'This sign-in is not in use any more',
    sentence: 'Your company gave you a new account at its sign-in service, and you came with the former one.',
    advice:
      'Sign out at your company, and come back with the new account. If there is none, ask an administrator of your organization, and quote the reference number.',
    short: 'moved to a new identity',
    when: 'An operator moved this person’s membership to a new identity, but they signed in with the old one.',
    whenMore: '`seat_moved` in the trace names the user. The former account opens no account of its own either.',
    do: 'If the move was wrong, undo it on the person’s page.',
    doMore:
      'The call is `POST /api/v2/users/{id}/moved-identities/{identity_id}/restore` ([recreated-account.md](guides/recreated-account.md)).',
    fix: 'person',
  },
} as const satisfies Readonly<Record<string, RefusalRow>>;
