/**
 * The console's words for refusals about people, their identities, invitations and moved accounts. sentence.ts says how
 * they are matched.
 */
import type { Sentence } from './sentence.js';

export const PEOPLE_SENTENCES: readonly Sentence[] = [
  ['The user already exists.', 'email', 'Somebody already has an account with this address. Find them under People.'],
  [
    'The specified new email already exists',
    'email',
    'Another account already has this address. Find it under People.',
  ],
  ['PasswordStrengthError: Password is too weak. …', 'password', 'The password is too weak. $1'],
  [
    'Connection does not support user creation through the API. It must either be a database or passwordless connection',
    'connection',
    'People of this connection are created when they first sign in at their company. To create somebody here, choose a connection with passwords.',
  ],
  [
    'Only users of a database connection have a password or an address that can be changed here.',
    'email',
    'This address comes from the company’s identity provider. Change it there.',
  ],
  ['The user has no address to sign in with.', 'email', 'This account has no email address to sign in with.'],
  ['The user has no address.', '', 'This account has no email address, so no email can be sent to it.'],
  [
    'The user has no password: he signs in at an identity provider.',
    '',
    'This person has no password. They sign in through their company.',
  ],
  ['The user has no such identity.', '', 'This account no longer has that identity. Reload the page.'],
  ['ttl_sec takes at most ….', 'ttl_sec', 'The link can be valid for at most $1 seconds.'],
  ['Give user_id, or connection_id and email.', '', 'This person no longer exists. Go back to People.'],
  ['The user does not exist.', '', 'This person no longer exists. Somebody may have deleted them.'],
  [
    'The specified client_id does not exist.',
    'client_id',
    'This application no longer exists. Reload the page and choose another one.',
  ],
  [
    'The specified client_id (…) does not allow organizations.',
    'client_id',
    'This application signs people in without an organization. Choose another one, or change “Organizations” in the application’s settings.',
  ],
  [
    'The specified connection does not exist.',
    'connection_id',
    'This connection no longer exists. Reload the page and choose another one.',
  ],
  [
    'The specified connection is not enabled for the organization.',
    'connection_id',
    'The organization does not use this connection. Choose another one, or enable it under the organization’s Connections.',
  ],
  [
    'A default login route is required to generate the invitation url. For more information, see https://auth0.com/docs/universal-login/configure-default-login-routes',
    'client_id',
    'The application has no sign-in start address, so the invitation link would lead nowhere. Fill in “Sign-in start address” in its settings, or choose another application.',
  ],
  ['The invitation does not exist.', '', 'This invitation no longer exists. It may have been accepted or revoked.'],
  [
    'One or more of the specified roles do not exist: …',
    'roles',
    'One of the roles no longer exists. Reload the page and choose again.',
  ],
  [
    'One or more of the specified users do not exist: …',
    'members',
    'One of these people no longer exists. Reload the page.',
  ],
  [
    'No more roles can be assigned to this organization member (maximum …).',
    'roles',
    'A member can have at most $1 roles. Remove one first.',
  ],
  ['The user is not a member of this organization.', '', 'This person is no longer a member of the organization.'],
  [
    'This would take away the last break-glass member of … who can sign in, and sso_rollout is required there. Give break_glass to another member with a password first, or set sso_rollout to optional.',
    '',
    'This is the last break-glass member of $1 who can sign in, and the company’s sign-in is required there. Make another member with a password break-glass first, or make the company’s sign-in optional.',
  ],
  [
    'This would take away the last owner of this tenant who can sign in. Give the role of owner to another operator first.',
    '',
    'This is the last owner of this server who can sign in. Make another operator an owner first.',
  ],
  [
    'subject takes what identity providers give: 1 to 255 printable ASCII characters.',
    'subject',
    'A user ID has 1 to 255 letters, digits and symbols, without accents. Copy it from the identity provider.',
  ],
  [
    'expected_email is not a plain e-mail address.',
    'expected_email',
    'This is not a plain email address. Write it like name@company.example.',
  ],
  ['No subject was given.', 'subject', 'Enter the person’s current user ID at the company.'],
  ['No address was given.', 'expected_email', 'Enter the person’s current email address at the company.'],
  [
    'Two people would be expected by this address.',
    'expected_email',
    'Another person is already expected with this address on this connection. Enter the person’s user ID instead.',
  ],
  [
    'Two people would be expected by this subject.',
    'subject',
    'Another person is already expected with this user ID on this connection.',
  ],
  [
    'Another user is expected by this subject or address at this connection.',
    'subject',
    'Another person is already expected with this user ID or address on this connection.',
  ],
  [
    'This subject is bound to another user of this connection.',
    'subject',
    'Another account already signs in with this user ID on this connection.',
  ],
  [
    'subject is the one that the identity is bound to: nothing was changed.',
    'subject',
    'This is the person’s current user ID. Enter the new one.',
  ],
  [
    "The user has no bound identity of that name at a company's connection.",
    '',
    'This account no longer signs in through that connection. Reload the page.',
  ],
  ['No identity of that id was moved away from this user.', '', 'This move no longer exists. Reload the page.'],
  [
    'The membership was moved again since: restore … first.',
    '',
    'The membership was moved again since then. Undo the later move first.',
  ],
  [
    '… has signed in to this membership since the move, and could not any more. Send end_new_identity: true to put the old identity back all the same.',
    'end_new_identity',
    'The new identity has signed in since the move, and undoing would lock it out.',
  ],
  [
    'The old subject, or the account that the move took in, is in use again: nothing was changed.',
    '',
    'The old identity at the company is in use again, so nothing was changed.',
  ],
  [
    '… is bound at this connection already, and would go on signing in as that user. If it is a second account of the same person, send absorb_user_id: …: it is removed, and comes back when the move is taken back.',
    'absorb_user_id',
    'The account $1 already signs in with this user ID. If it is a second account of the same person, enter its ID as the second account to remove.',
  ],
  ['… cannot be taken in: no such user exists.', 'absorb_user_id', 'The second account no longer exists.'],
  [
    '… cannot be taken in: …. Nothing was changed.',
    'absorb_user_id',
    'The second account cannot be removed: $2. Nothing was changed.',
  ],
  ['A user for this identity exists already.', '', 'An account with this identity already exists.'],
  ['The identity does not exist.', '', 'This identity no longer exists. Reload the page.'],
  [
    'The main identity of a user cannot be unlinked.',
    '',
    'The account was created with this identity, so it cannot be removed. Block or delete the person instead.',
  ],
  [
    'No connection of the organization follows from this address: name one with connection_id.',
    'connection_id',
    'This address matches no connection of the organization. Choose a connection.',
  ],
  [
    'The specified connection does not exist, or is not enabled for the organization.',
    'connection_id',
    'The organization no longer uses this connection. Choose another one.',
  ],
  [
    'The address is not a plain e-mail address.',
    'email',
    'This is not a plain email address. Write it like name@company.example.',
  ],
  ['The session does not exist.', '', 'This session was already revoked or has expired.'],
  ['The refresh token does not exist.', '', 'This token was already revoked or has expired.'],
  ['IP address specified is not currently blocked.', 'id', 'This address is not blocked at the moment.'],
];
