/**
 * Refusals about the settings of the server, its mail, look, keys and log, and those that any call can get. See
 * sentence.ts.
 */
import type { Sentence } from './sentence.js';

export const SERVER_SENTENCES: readonly Sentence[] = [
  ['… takes at most … hours.', 'session_lifetime', 'At most $2 hours are possible.'],
  [
    'idle_session_lifetime must not be longer than session_lifetime.',
    'idle_session_lifetime',
    'The time without use must not be longer than the whole time.',
  ],
  ['allowlist takes at most … addresses and networks.', 'allowlist', 'At most $1 addresses and networks are possible.'],
  [
    'max_attempts takes at most … with mode count_per_identifier_and_ip: more from one network is never allowed here. Use count_per_identifier, or a smaller number.',
    'max_attempts',
    'At most $1 tries are possible where tries are counted by network. Choose fewer, or count them by person alone.',
  ],
  [
    'stage.…: max_attempts times rate is longer than a day (… ms), and tries are counted for a day at most. Lower one of them.',
    'stage',
    'Tries are counted for a day at most, and these numbers need longer. Lower one of them.',
  ],
  [
    'colors.page_background takes a color such as #f5f7fa, or {"type": "linear-gradient", "start": "#ffffff", "end": "#000000", "angle_deg": 35}.',
    'colors.page_background',
    'This is not a colour. Write # and six digits or letters from a to f, as #f5f7fa.',
  ],
  [
    'There was an error … branding settings: invalid theme ID',
    '',
    'This theme is not there any more. Reload the page.',
  ],
  [
    'There was an error updating branding settings: The theme already exists',
    '',
    'There is a theme already. Reload the page.',
  ],
  ['There is not a configured email provider', '', 'No mail server is set up here any more. Reload the page.'],
  [
    'This server sends mail by a mail server alone (name smtp), not through …. Most providers have one.',
    'name',
    'This server sends mail by a mail server (SMTP) alone. Most providers have one.',
  ],
  ['credentials.… is not one of smtp (…).', 'credentials', 'The mail server has no setting of that name.'],
  [
    'credentials.smtp_host is no host.',
    'credentials.smtp_host',
    'This is not the name of a server. Write one such as smtp.company.example.',
  ],
  ['credentials.smtp_port is no port.', 'credentials.smtp_port', 'A port is a number from 1 to 65,535.'],
  [
    'Give credentials.smtp_pass, too: the password is not sent to another server or as another user.',
    'credentials.smtp_pass',
    'Type the password again: it is not sent to another server, or for another user.',
  ],
  [
    'credentials takes smtp_user and smtp_pass together.',
    'credentials.smtp_pass',
    'User and password go together. Type both, or neither.',
  ],
  ['settings.… is not available on this server.', 'settings', 'This server has no setting of that name.'],
  ['settings.headers: ….', 'settings.headers', 'One of the headers is not possible: $1.'],
  [
    'default_from_address is an address, or a name and an address in angle brackets.',
    'default_from_address',
    'Write an address, or a name and an address, as Acme <login@acme.example>.',
  ],
  ['Email provider is already configured.', '', 'There is a mail server already. Reload the page.'],
  ['Signing key not found.', '', 'This key is not there any more. Reload the page.'],
  [
    '… new signing keys wait for their turn already. The newest signs three hours after it was made.',
    '',
    '$1 new keys wait for their turn already. The newest signs three hours after it was made.',
  ],
  [
    'No other signing key could take its place. Rotate first, and try again when every node has read the new key, in two minutes.',
    '',
    'No other key could take its place. Rotate first, and try again in two minutes.',
  ],
  ['The log stream does not exist.', '', 'This log stream is not there any more. Reload the page.'],
  ['httpCustomHeaders takes at most … headers.', 'sink.httpCustomHeaders', 'At most $1 headers are possible.'],
  [
    'Each of httpCustomHeaders has a header and a value.',
    'sink.httpCustomHeaders',
    'Write each header with its value.',
  ],
  ['httpCustomHeaders: ….', 'sink.httpCustomHeaders', 'One of the headers is not possible: $1.'],
  [
    'httpEndpoint is no address.',
    'sink.httpEndpoint',
    'This is not an address. Write one such as https://logs.company.example/in.',
  ],
  [
    'httpEndpoint has a password in it: use httpAuthorization.',
    'sink.httpEndpoint',
    'The address has a password in it, which would be shown. Set a header for it by the Management API instead.',
  ],
  [
    'A filter has the type category and a name.',
    'filters',
    'One of the kinds of lines is not possible. Reload the page and choose again.',
  ],
  ['startFrom is no date of ISO 8601.', 'startFrom', 'This is not a date.'],
  [
    'This server sends its log to endpoints over HTTP alone (type http), not to ….',
    'type',
    'This server sends its log to addresses of the web alone.',
  ],
  [
    'You have reached the maximum number of log streams for your account.',
    '',
    'There are as many log streams as are possible. Delete one first.',
  ],
  [
    'status is active or paused: only the server suspends a stream.',
    'status',
    'Switch the stream on or off: only the server suspends one.',
  ],
  ['The log does not exist.', '', 'This line is not kept any more.'],
  ['The screen … must be an object of texts.', '', 'One of the words is not possible here. Reload the page.'],
  ['The name … is longer than … characters.', '', 'One of the words is not possible here. Reload the page.'],
  ['The text … must be a string.', '', 'One of the words is not possible here. Reload the page.'],
  ['The text … has more than … characters.', '', 'One of the words is too long: at most $2 characters are possible.'],
  [
    'The text … has a control character.',
    '',
    'One of the words has a character that cannot be shown. Type it anew instead of pasting it.',
  ],
  ['A role with this name already exists.', 'name', 'Another role has this name. Choose another one.'],
  ['The role does not exist.', '', 'This role is not there any more. Reload the page.'],
  ['The job does not exist.', '', 'This job is not kept any more: it ended a day ago or longer.'],
  [
    '… too often in a short time, so this server stops for a while. Wait …, then go on where you were: nothing is lost.',
    '',
    'This was done too often in a short time. Wait $2, then go on: nothing is lost.',
  ],
  [
    '…: this server does not check it, so it cannot be turned on. Leave it out.',
    '',
    'This server does not have this protection, so it cannot be switched on.',
  ],
  [
    'It belongs to the operators of this tenant, who could not sign in without it: it stays as it is.',
    '',
    'The operators of this server sign in by it, so it stays as it is.',
  ],
  [
    'This gives or takes power over the tenant: only an owner changes it, or a client with every scope. Your token lacks ….',
    '',
    'This gives or takes power over the server, so only an owner may do it.',
  ],
  [
    'Your rights as an operator were taken or changed while this request was on its way. Nothing was done.',
    '',
    'Your role was changed at this moment. Nothing was done: reload the page.',
  ],
  ['Insufficient scope, expected any of: …', '', 'Your role does not have this permission.'],
  ['Insufficient scope, expected all of: …', '', 'Your role does not have all permissions for this.'],
  [
    'Reading the people of an organization requires all of the scopes …; your token lacks ….',
    '',
    'Your role does not have all permissions for this.',
  ],
  ['… the "…" property requires the … scope.', '', 'Your role may not change one of these settings.'],
  ['Invalid token', '', 'Your sign-in has ended.'],
  ['Missing authentication', '', 'Your sign-in has ended.'],
  ['Global limit has been reached', '', 'The server gets too many requests from you at the moment.'],
  ['The body is larger than … bytes', '', 'This is too much at once. Save less of it.'],
  ['A value is out of range', '', 'One of the values is too large or too small.'],
  ['Something with the same key exists already.', '', 'There is something of that name already.'],
  ['The server cannot answer now. Try again in a moment.', '', 'The server cannot answer at the moment.'],
  ['An internal server error occurred', '', 'Something failed in the server, which has written it down in its log.'],
  ['Not Found', '', 'It is not there any more. It may have been deleted meanwhile.'],
  [
    'Somebody changed it since you read it. Nothing was done: read it again, compare, and send your change with the new version.',
    '',
    'Somebody else changed it since this page was loaded. Nothing was done.',
  ],
];
