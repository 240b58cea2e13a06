/**
 * Rewrites the section "What is missing" of docs/auth0-compatibility.md and the page docs/compatibility/missing.md.
 * Sources are the served operations, the missing features (src/management/absent), and the rows below. Each row names
 * the place in the sources or the metadata that proves it. Run it after an operation was added or removed: `npx tsx
 * scripts/missing-list.ts`. A test compares both, and checks each row against its place.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ABSENT_ADDRESSES } from '../src/facts/absent-addresses.js';
import { ABSENT_FEATURES } from '../src/management/absent/features.js';
import type { ManagementDeps } from '../src/management/api/deps.js';
import { toOpenApi } from '../src/management/api/openapi.js';
import { createOperations } from '../src/management/resources.js';

/** The page with the section. */
export const PAGE = fileURLToPath(new URL('../docs/auth0-compatibility.md', import.meta.url));
/** The page with the features and operations of the Management API. */
export const LIST = fileURLToPath(new URL('../docs/compatibility/missing.md', import.meta.url));
const OPERATIONS = JSON.parse(readFileSync(new URL('./auth0-operations.json', import.meta.url), 'utf8')) as string[];

/** This section is the last one of the page. */
const HEADING = '## What is missing';

/** Missing protocols. Each row has a test of the server's metadata, which is true while the protocol is missing. */
export const PROTOCOLS: readonly (readonly [
  name: string,
  isAbsent: (metadata: Readonly<Record<string, unknown>>) => boolean,
])[] = [
  ['device flow', ({ device_authorization_endpoint: endpoint }) => endpoint === undefined],
  ['password grant', lacks('grant_types_supported', 'password')],
  ['token exchange', lacks('grant_types_supported', 'urn:ietf:params:oauth:grant-type:token-exchange')],
  ['sign-in on another device (CIBA)', ({ backchannel_authentication_endpoint: endpoint }) => endpoint === undefined],
  ['implicit and hybrid flows', ({ response_types_supported: types }) => String(types) === 'code'],
  ['pushed authorization requests', ({ pushed_authorization_request_endpoint: endpoint }) => endpoint === undefined],
  ['signed request objects', ({ request_parameter_supported: is }) => is === false],
  ['encrypted ID tokens', ({ id_token_encryption_alg_values_supported: algorithms }) => algorithms === undefined],
  ['DPoP', ({ dpop_signing_alg_values_supported: algorithms }) => algorithms === undefined],
  ['mTLS', ({ mtls_endpoint_aliases: aliases }) => aliases === undefined],
  ['front-channel logout', ({ frontchannel_logout_supported: is }) => is === undefined],
  ['registration of applications by themselves', ({ registration_endpoint: endpoint }) => endpoint === undefined],
  ['consent pages', ({ prompt_values_supported: values }) => !String(values).includes('consent')],
];

function lacks(list: string, value: string) {
  return (metadata: Readonly<Record<string, unknown>>) => !(metadata[list] as readonly string[]).includes(value);
}

/** Missing parts of features that exist: the file that refuses each, and the text of the refusal. */
export const REFUSED: readonly (readonly [name: string, file: string, words: string])[] = [
  [
    'social, passwordless and LDAP connections',
    'connections/connection-options.ts',
    'is not available on this server: nobody could',
  ],
  ['users with a username', 'users/user-create.ts', 'Cannot set username for connection without requires_username.'],
  ['searching clients (`q`)', 'clients/clients.ts', 'Searching clients is not supported'],
  [
    'applications with a TLS certificate',
    'clients/authentication.ts',
    'does not authenticate applications by TLS certificates',
  ],
  ['rich authorization requests', 'client-grants/client-grants.ts', 'rich authorization requests are not supported'],
  [
    'access tokens in another algorithm than RS256',
    'resource-servers/resource-servers.ts',
    'signs access tokens with RS256',
  ],
  ['triggers of Actions beyond [those here](actions.md)', 'actions/action-body.ts', 'does not exist on this server'],
  ['mail by another way than SMTP', 'emails/provider.ts', 'sends mail by a mail server alone'],
  ['log streams to anything but an address of the web', 'log-streams/log-streams.ts', 'over HTTP alone'],
  ['further custom domains', 'custom-domains/custom-domains.ts', 'Custom domains: this server has one'],
];

/** Missing features as a whole: words that src would contain if it had the feature. */
export const NOWHERE: readonly (readonly [name: string, words: RegExp])[] = [
  ['Vestibule as a SAML identity provider (`addons`)', /'\/samlp\/:clientId'|'\/samlp\/\{client_id\}'/],
  ['single logout by SOAP', /soap:Envelope|SOAP-ENV/],
];

/** Returns the operations of Auth0's document that this server does not serve. */
export function listAbsent(): readonly string[] {
  // Reads the declarations of the operations and calls none.
  const { paths } = toOpenApi(createOperations({} as ManagementDeps), 'https://vestibule.example') as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  return OPERATIONS.filter((key) => {
    const [method = '', path = ''] = key.split(' ');
    return paths[path]?.[method] === undefined && paths[`/api/v2${path}`]?.[method] === undefined;
  });
}

/** Breaks a text into lines of readable length. */
function wrap(text: string): string {
  const lines: string[] = [''];
  for (const word of text.split(/ (?![^`]*`(?:[^`]*`[^`]*`)*[^`]*$)/)) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + word.length > 118) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}

const sentence = (begin: string, names: readonly string[]) => wrap(`${begin}: ${names.join('; ')}.`);

const MADE_BY =
  'Made by `npx tsx scripts/missing-list.ts` from the operations that are served. A test fails when it is out of date.';

/** Returns the text of the section. */
export function toSection(): string {
  return `${HEADING}

${MADE_BY}

${sentence(
  'Of the protocols',
  PROTOCOLS.map(([name]) => name),
)}

${sentence('Whole parts of Auth0', [...NOWHERE.map(([name]) => name), 'the Dashboard, in whose place there is the [console](guides/console.md)'])}

${sentence(
  'A request for one of these is refused, and the answer says why',
  REFUSED.map(([name]) => name),
)}

Of the Management API: [features and operations](compatibility/missing.md).
`;
}

/** Returns the first address of a feature and the number of further ones, because a table cell must be short. */
function toAddressRow({ name, addresses, instead }: (typeof ABSENT_ADDRESSES)[number]): string {
  const shown = addresses.slice(0, 2).map((address) => `\`${address.replace(/^\* /, '')}\``);
  const rest = addresses.length > 2 ? ` and ${addresses.length - 2} more` : '';
  return `| ${name} | ${shown.join(', ')}${rest} | ${instead} |`;
}

/** Returns the text of the page with features and operations. */
export function toList(): string {
  const features = ABSENT_FEATURES.map(({ name, instead }) => `| ${name} | ${instead} |`);
  const absent = listAbsent().map((key) => {
    const [method = '', path = ''] = key.split(' ');
    return `- \`${method.toUpperCase()} ${path}\``;
  });
  return `# Features and operations that are missing

For people whose scripts call Auth0's Management API. At the end you know which features are not here, what to use
instead, and which operations are 404. Other areas: [compatibility with Auth0](../auth0-compatibility.md).

${MADE_BY}

## Features

They [answer as on a tenant that does not use them](../auth0-operations.md).

| feature | instead |
|---|---|
${features.join('\n')}

## Operations

Not there at all (404):

${absent.join('\n')}

## Addresses outside the Management API

A request is answered 404 in JSON, with these words. A browser that goes there gets a page.

| feature | addresses | instead |
|---|---|---|
${ABSENT_ADDRESSES.map(toAddressRow).join('\n')}
`;
}

/** Returns the page with the present section. */
export function withSection(page: string): string {
  const at = page.indexOf(HEADING);
  if (at < 0 || page.indexOf('\n## ', at) >= 0) throw new Error(`${HEADING} is not the last section of ${PAGE}`);
  return page.slice(0, at) + toSection();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(PAGE, withSection(readFileSync(PAGE, 'utf8')));
  writeFileSync(LIST, toList());
  console.log(`${PAGE}, ${LIST}: ${listAbsent().length} operations are not there`);
}
