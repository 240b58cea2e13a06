/** Refusals about people, their identities, invitations and seats. See sentence.ts. */
import type { Sentence } from './sentence.js';

export const PEOPLE_SENTENCES: readonly Sentence[] = [
  ['The user already exists.', 'email', 'Somebody has an account with this address already. Find them under People.'],
  [
    'The specified new email already exists',
    'email',
    'Another account has this address already. Find it under People.',
  ],
  ['PasswordStrengthError: Password is too weak. …', 'password', 'The password is too weak. $1'],
  [
    'Connection does not support user creation through the API. It must either be a database or passwordless connection',
    'connection',
    'People of a company are not created here: they come in by their own sign-in. Choose a connection that keeps passwords.',
  ],
  [
    'Only users of a database connection have a password or an address that can be changed here.',
    'email',
    'The company’s identity provider gives this address: change it there.',
  ],
  ['The user has no address to sign in with.', 'email', 'This account has no address to sign in with.'],
  ['The user has no address.', '', 'This account has no address, so no mail can be sent to it.'],
  [
    'The user has no password: he signs in at an identity provider.',
    '',
    'This person has no password: they sign in at their company.',
  ],
  ['The user has no such identity.', '', 'This account has no such way in any more. Reload the page.'],
  ['ttl_sec takes at most ….', 'ttl_sec', 'The link can be good for $1 seconds at most.'],
  ['Give user_id, or connection_id and email.', '', 'The person is not there any more. Go back to People.'],
  ['The user does not exist.', '', 'This person is not there any more. They may have been deleted meanwhile.'],
  [
    'The specified client_id does not exist.',
    'client_id',
    'This application is not there any more. Reload the page and choose another one.',
  ],
  [
    'The specified client_id (…) does not allow organizations.',
    'client_id',
    'This application signs people in without an organization. Choose another one, or change it in the settings of the application (Organizations).',
  ],
  [
    'The specified connection does not exist.',
    'connection_id',
    'This connection is not there any more. Reload the page and choose another one.',
  ],
  [
    'The specified connection is not enabled for the organization.',
    'connection_id',
    'The organization does not use this connection. Choose another one, or enable it under Connections of the organization.',
  ],
  [
    'A default login route is required to generate the invitation url. For more information, see https://auth0.com/docs/universal-login/configure-default-login-routes',
    'client_id',
    'The application does not say where a sign-in begins, so the link of the invitation would lead nowhere. Fill in its “Address that begins a sign-in” (page of the application, Settings), or choose another application.',
  ],
  [
    'The invitation does not exist.',
    '',
    'This invitation is not there any more: it may have been accepted or withdrawn meanwhile.',
  ],
  [
    'One or more of the specified roles do not exist: …',
    'roles',
    'One of the roles is not there any more. Reload the page and choose again.',
  ],
  [
    'One or more of the specified users do not exist: …',
    'members',
    'One of these people is not there any more. Reload the page.',
  ],
  [
    'No more roles can be assigned to this organization member (maximum …).',
    'roles',
    'A member can have $1 roles at most. Take one away first.',
  ],
  ['The user is not a member of this organization.', '', 'This person is no member of the organization any more.'],
  [
    'This would take away the last break-glass member of … who can sign in, and sso_rollout is required there. Give break_glass to another member with a password first, or set sso_rollout to optional.',
    '',
    'This is the last break-glass member of $1 who can sign in, and the company’s sign-in is required there. Make another member with a password break-glass first, or let passwords be used again.',
  ],
  [
    'This would take away the last owner of this tenant who can sign in. Give the role of owner to another operator first.',
    '',
    'This is the last owner of this server who can sign in. Make another operator an owner first.',
  ],
  [
    'subject takes what identity providers give: 1 to 255 printable ASCII characters.',
    'subject',
    'An id at the company has 1 to 255 letters, digits and signs, without accents. Copy it from the identity provider.',
  ],
  [
    'expected_email is not a plain e-mail address.',
    'expected_email',
    'This is not a plain e-mail address. Write one such as name@company.example.',
  ],
  ['No subject was given.', 'subject', 'Write the id that the person has at the company now.'],
  ['No address was given.', 'expected_email', 'Write the address that the person has at the company now.'],
  [
    'Two people would be expected by this address.',
    'expected_email',
    'Somebody else is expected by this address at the connection. Give the id of the person instead.',
  ],
  [
    'Two people would be expected by this subject.',
    'subject',
    'Somebody else is expected by this id at the connection.',
  ],
  [
    'Another user is expected by this subject or address at this connection.',
    'subject',
    'Somebody else is expected by this id or address at the connection.',
  ],
  [
    'This subject is bound to another user of this connection.',
    'subject',
    'Another account signs in with this id at the connection already.',
  ],
  [
    'subject is the one that the identity is bound to: nothing was changed.',
    'subject',
    'This is the id that the seat has already. Give the new one.',
  ],
  [
    "The user has no bound identity of that name at a company's connection.",
    '',
    'This account does not sign in over that connection any more. Reload the page.',
  ],
  ['No identity of that id was moved away from this user.', '', 'This move is not there any more. Reload the page.'],
  [
    'The seat was moved again since: restore … first.',
    '',
    'The seat was moved again since. Take the later move back first.',
  ],
  [
    '… has signed in on this seat since the move, and could not any more. Send end_new_identity: true to put the old identity back all the same.',
    'end_new_identity',
    'The new account has signed in since the move, and could not any more.',
  ],
  [
    'The old subject, or the account that the move took in, is in use again: nothing was changed.',
    '',
    'The old account at the company is in use again, so nothing was changed.',
  ],
  [
    '… is bound at this connection already, and would go on signing in as that user. If it is a second account of the same person, send absorb_user_id: …: it is removed, and comes back when the move is taken back.',
    'absorb_user_id',
    'The account $1 signs in with this id already. Where it is a second account of the same person, it can be taken in by the command that the guide names.',
  ],
  ['… cannot be taken in: no such user exists.', 'absorb_user_id', 'The second account is not there any more.'],
  [
    '… cannot be taken in: …. Nothing was changed.',
    'absorb_user_id',
    'The second account cannot be taken in: $2. Nothing was changed.',
  ],
  ['A user for this identity exists already.', '', 'There is an account for this way in already.'],
  ['The identity does not exist.', '', 'This way in is not there any more. Reload the page.'],
  [
    'The main identity of a user cannot be unlinked.',
    '',
    'This is the way in that the account was made with: it stays. Delete or block the person instead.',
  ],
  [
    'No connection of the organization follows from this address: name one with connection_id.',
    'connection_id',
    'This address leads to no connection of the organization. Choose one.',
  ],
  [
    'The specified connection does not exist, or is not enabled for the organization.',
    'connection_id',
    'The organization does not use this connection any more. Choose another one.',
  ],
  [
    'The address is not a plain e-mail address.',
    'email',
    'This is not a plain e-mail address. Write one such as name@company.example.',
  ],
  ['The session does not exist.', '', 'This session has ended already.'],
  ['The refresh token does not exist.', '', 'This token is not there any more.'],
  ['IP address specified is not currently blocked.', 'id', 'This address is not held back now.'],
];
