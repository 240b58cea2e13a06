/**
 * The console's words for refusals about the settings of the server, its mail, look, keys and log, and for refusals
 * that any request can get. sentence.ts says how they are matched.
 */
import type { Sentence } from './sentence.js';

export const SERVER_SENTENCES: readonly Sentence[] = [
  ['… takes at most … hours.', 'session_lifetime', 'The maximum is $2 hours.'],
  [
    'idle_session_lifetime must not be longer than session_lifetime.',
    'idle_session_lifetime',
    'The idle time cannot be longer than the total time.',
  ],
  [
    'allowlist takes at most … addresses and networks.',
    'allowlist',
    'The maximum is $1 addresses and networks. Remove some.',
  ],
  [
    'max_attempts takes at most … with mode count_per_identifier_and_ip: more from one network is never allowed here. Use count_per_identifier, or a smaller number.',
    'max_attempts',
    'The maximum is $1 attempts when attempts are counted per network. Choose fewer, or count them per person only.',
  ],
  [
    'stage.…: max_attempts times rate is longer than a day (… ms), and tries are counted for a day at most. Lower one of them.',
    'stage',
    'Attempts are counted for at most a day, but these numbers need longer. Lower one of them.',
  ],
  [
    'colors.page_background takes a color such as #f5f7fa, or {"type": "linear-gradient", "start": "#ffffff", "end": "#000000", "angle_deg": 35}.',
    'colors.page_background',
    'This is not a colour. Write # and six hexadecimal digits, for example #f5f7fa.',
  ],
  [
    'The policy all-applications asks everybody for a second factor, and no factor that counts alone would be enabled any more. …',
    'policy',
    'Nobody could be asked without an authenticator app or security keys. Switch one of them on, too.',
  ],
  [
    'The organization … asks for a second factor, and would accept none that counts alone: its members could not sign in. Set its mfa to none, or leave otp or webauthn-roaming enabled.',
    'factors',
    'The organization $1 requires a second factor and would accept none that counts alone. Keep an authenticator app or security keys, or change that organization first.',
  ],
  ['There was an error … branding settings: invalid theme ID', '', 'This theme no longer exists. Reload the page.'],
  [
    'There was an error updating branding settings: The theme already exists',
    '',
    'A theme already exists. Reload the page.',
  ],
  ['There is not a configured email provider', '', 'The mail server was removed. Reload the page.'],
  [
    'This server sends mail by a mail server alone (name smtp), not through …. Most providers have one.',
    'name',
    'Email can be sent only through an SMTP server. Most providers offer one.',
  ],
  [
    'credentials.… is not one of smtp (…).',
    'credentials',
    'A mail server has no setting of that name. Reload the page.',
  ],
  [
    'credentials.smtp_host is no host.',
    'credentials.smtp_host',
    'This is not a host name. Write it like smtp.company.example.',
  ],
  ['credentials.smtp_port is no port.', 'credentials.smtp_port', 'A port is a number from 1 to 65,535.'],
  [
    'Give credentials.smtp_pass, too: the password is not sent to another server or as another user.',
    'credentials.smtp_pass',
    'Enter the password again. A stored password is not sent to another server or for another user.',
  ],
  [
    'credentials takes smtp_user and smtp_pass together.',
    'credentials.smtp_pass',
    'User and password go together. Enter both or neither.',
  ],
  [
    'settings.… is not available on this server.',
    'settings',
    'This server has no setting of that name. Reload the page.',
  ],
  ['settings.headers: ….', 'settings.headers', 'One of the headers is not allowed: $1.'],
  [
    'default_from_address is an address, or a name and an address in angle brackets.',
    'default_from_address',
    'Write an address, or a name and an address, for example Acme <login@acme.example>.',
  ],
  ['Email provider is already configured.', '', 'A mail server already exists. Reload the page.'],
  ['Signing key not found.', '', 'This key no longer exists. Reload the page.'],
  [
    '… new signing keys wait for their turn already. The newest signs three hours after it was made.',
    '',
    'There are already $1 new keys that are not used yet. Wait: a key is used three hours after it was created.',
  ],
  [
    'No other signing key could take its place. Rotate first, and try again when every node has read the new key, in two minutes.',
    '',
    'There is no other key to replace it. Rotate the keys first, then try again after two minutes.',
  ],
  ['The log stream does not exist.', '', 'This log stream no longer exists. Reload the page.'],
  ['httpCustomHeaders takes at most … headers.', 'sink.httpCustomHeaders', 'The maximum is $1 headers. Remove some.'],
  ['Each of httpCustomHeaders has a header and a value.', 'sink.httpCustomHeaders', 'Enter a value for each header.'],
  ['httpCustomHeaders: ….', 'sink.httpCustomHeaders', 'One of the headers is not allowed: $1.'],
  [
    'httpEndpoint is no address.',
    'sink.httpEndpoint',
    'This is not a web address. Write it like https://logs.company.example/in.',
  ],
  [
    'httpEndpoint has a password in it: use httpAuthorization.',
    'sink.httpEndpoint',
    'The address contains a password, which would be visible. Remove it, and set an authorization header with the Management API.',
  ],
  [
    'A filter has the type category and a name.',
    'filters',
    'One of the log categories does not exist. Reload the page and choose again.',
  ],
  ['startFrom is no date of ISO 8601.', 'startFrom', 'This is not a valid date.'],
  [
    'This server sends its log to endpoints over HTTP alone (type http), not to ….',
    'type',
    'Logs can be sent only to web addresses (HTTP).',
  ],
  [
    'You have reached the maximum number of log streams for your account.',
    '',
    'The limit of log streams is reached. Delete one first.',
  ],
  [
    'status is active or paused: only the server suspends a stream.',
    'status',
    'You can pause or resume a stream. Only the server suspends one.',
  ],
  ['The log does not exist.', '', 'This log entry no longer exists. It is older than the log is kept.'],
  ['The screen … must be an object of texts.', '', 'One of the texts cannot be changed here. Reload the page.'],
  ['The name … is longer than … characters.', '', 'One of the texts cannot be changed here. Reload the page.'],
  ['The text … must be a string.', '', 'One of the texts cannot be changed here. Reload the page.'],
  ['The text … has more than … characters.', '', 'One of the texts is too long. The maximum is $2 characters.'],
  [
    'The text … has a control character.',
    '',
    'One of the texts contains an invisible control character. Type the text instead of pasting it.',
  ],
  ['A role with this name already exists.', 'name', 'Another role already has this name. Choose a different name.'],
  ['The role does not exist.', '', 'This role no longer exists. Reload the page.'],
  ['The job does not exist.', '', 'This job no longer exists. Finished jobs are deleted after a day.'],
  [
    '… too often in a short time, so this server stops for a while. Wait …, then go on where you were: nothing is lost.',
    '',
    'This was done too often in a short time. Wait $2, then continue. Nothing is lost.',
  ],
  [
    'It belongs to the operators of this tenant, who could not sign in without it: it stays as it is.',
    '',
    'The operators of this server need it to sign in, so it cannot be changed.',
  ],
  [
    'This gives or takes power over the tenant: only an owner changes it, or a client with every scope. Your token lacks ….',
    '',
    'This changes who has control over the server, so only an owner can do it.',
  ],
  [
    'Your rights as an operator were taken or changed while this request was on its way. Nothing was done.',
    '',
    'Your role was changed at the same moment, so nothing was done. Reload the page.',
  ],
  ['Insufficient scope, expected any of: …', '', 'Your role lacks the permission for this.'],
  ['Insufficient scope, expected all of: …', '', 'Your role lacks some of the permissions for this.'],
  [
    'Reading the people of an organization requires all of the scopes …; your token lacks ….',
    '',
    'Your role lacks some of the permissions for this.',
  ],
  ['… the "…" property requires the … scope.', '', 'Your role cannot change one of these settings.'],
  ['Invalid token', '', 'Your session has expired.'],
  ['Missing authentication', '', 'Your session has expired.'],
  ['Global limit has been reached', '', 'The server is receiving too many requests from you.'],
  ['The body is larger than … bytes', '', 'This is too large to save at once. Save less.'],
  ['A value is out of range', '', 'One of the values is too large or too small.'],
  [
    'Something with the same key exists already.',
    '',
    'Something with that name already exists. Choose a different name.',
  ],
  ['The server cannot answer now. Try again in a moment.', '', 'The server is not available at the moment.'],
  ['An internal server error occurred', '', 'An internal error occurred. The details are in the server’s own log.'],
  ['Not Found', '', 'This no longer exists. Somebody may have deleted it.'],
  [
    'Somebody changed it since you read it. Nothing was done: read it again, compare, and send your change with the new version.',
    '',
    'The change was made after you opened this page. Nothing was done.',
  ],
];
