/**
 * The words of the console for the refusals of the Management API: there is a sentence for every text that a form of the console can meet, and for
 * every rule, format and pattern of the served document that the forms' operations have. Nothing of the API's own wording is shown.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CHOSEN_FORMATS, FORMAT_WORDS, PATTERN_WORDS } from '../../src/console/failures/schema-rules.js';
import { concerns, SENTENCES, tellRefusal } from '../../src/console/failures/tell-refusal.js';
import { FORMATS } from '../../src/management/api/formats.js';
import { checkAgainstSchema, DEFINITIONS, getRequestSchemas } from '../../src/management/api/validation.js';
import { listApiMessages } from '../support/api-messages.js';

const MESSAGES = listApiMessages();

/** Texts that no form of the console can cause, by the beginning of their file or by themselves, and why. */
const NOT_BY_A_FORM: readonly (readonly [why: string, ...of: string[]])[] = [
  [
    'no page of the console',
    'absent/',
    'branding/templates',
    'custom-domains/',
    'emails/templates',
    'roles/',
    'sessions/metadata',
  ],
  [
    'no page of the console',
    'clients/global-client',
    'client-grants/organization-grants',
    'users/link-token',
    'users/user-separate',
    'users/revoke-access',
    'users/effective-access',
    'connections/connection-users',
  ],
  [
    'no page of the console',
    'users/authentication-method',
    'users/enrollment-tickets',
    'users/factor-',
    'users/totp-secret',
  ],
  ['an API that is registered by a call, with its page of the documentation', 'resource-servers/account-api'],
  [
    'calls of members, who use no console',
    'my-organization/',
    'resource-servers/organization-api',
    'clients/landing-client',
  ],
  ['files, which the console does not send', 'users/jobs', 'users/user-export', 'users/user-import', 'api/multipart'],
  [
    'calls of the rollout alone',
    'organizations/expected-identities',
    'connections/connection-former-identities',
    'connections/one-person',
  ],
  ['identities are linked by the API alone', 'users/user-identities'],
  ['queries that the console writes itself', 'logs/', 'stats/', 'api/paging', 'organizations/people', 'users/users.ts'],
  [
    'properties that the console never sends',
    'api/without-effect',
    'connections/connection-wire',
    'connections/database-options',
    'self-service/provisioning',
  ],
  [
    'properties that the console never sends',
    'enabled-connections/scim-group-roles',
    'scim/scim-configurations',
    'self-service/profiles',
  ],
  ['made of its parts elsewhere in this test', 'api/errors', 'api/wire', 'api/validation'],
];

/** Texts of files with a form, which no form can cause. */
const NOT_TYPED: ReadonlySet<string> = new Set([
  'The ref of a binding has a value.',
  'confidence-score: this server does not estimate the risk of a login. Use all-applications, or an Action that asks for a factor.',
  'overrideRelyingParty: keys are made for the host of this server. Leave it out, and relyingPartyIdentifier too.',
  'Secrets belong to the action: those of a binding are not supported.',
  'authorization_details_types: rich authorization requests are not supported by this server.',
  'client_authentication_methods: this server does not authenticate applications by TLS certificates. Use private_key_jwt.',
  'jwt_configuration.alg: this server signs with RS256.',
  'credential_type …: this server does not authenticate applications by TLS certificates. Use public_key, for private_key_jwt.',
  'subject_dn does not apply to public_key.',
  'signing_alg: this server signs access tokens with RS256.',
  'pii_config is not available on this server: lines are sent as GET /logs shows them.',
  'options.idpinitiated cannot be set by a ticket: switch it on with PATCH /connections/{id}.',
  'ids cannot be combined with user_id, client_id or audience.',
  'Either ids or user_id is needed.',
  'audience needs client_id beside it.',
  'Cannot set username for connection without requires_username.',
  'user_id takes a text without "|".',
  "Payload validation error: 'Value … is …' on property token_lifetime.",
  'The body is not valid UTF-8',
  'Invalid request payload JSON format',
  "This client's grant was removed or narrowed while this request was on its way. Nothing was done.",
  'Unsupported Media Type: send multipart/form-data',
  'Payload content length greater than maximum allowed: …',
  'Bad request',
  'This token is of the organization …, and the Management API changes the whole tenant. Ask for a token without an organization.',
  'managed_by_organization is the id of an organization.',
  'managed_by_organization needs a connection to an identity provider, not a database connection.',
  'needs_organization = true needs a connection to an identity provider, not a database connection.',
  'This has no versions: send it without If-Match.',
  'You reached the limit of entities of this type for this tenant: ….',
]);

const isOfAForm = ({ file, text }: { readonly file: string; readonly text: string }) =>
  !NOT_TYPED.has(text) && !NOT_BY_A_FORM.some(([, ...of]) => of.some((start) => file.startsWith(start)));

/** The sentences of a rule, a format or a pattern that has no words of its own. */
const NO_WORDS: ReadonlySet<string | undefined> = new Set([
  undefined,
  'This is not allowed here.',
  'This value has the wrong format.',
  'This contains a character that is not allowed here.',
]);

/** As the API would say it: a value for each hole. */
const filled = (text: string) => text.replaceAll('…', '7');

/** Words of the API that nobody who looks at a page can know. */
const TECHNICAL = /auth0\.com|=false|[a-z]+_[a-z]+(?!\.|@)|\bPATCH\b|\bPOST\b|schema|format \w+-|anyOf|oneOf/;

describe('a sentence', () => {
  test('is there for every text that a form can cause', () => {
    const without = MESSAGES.filter(isOfAForm)
      .filter(({ text }) => text.replaceAll('…', '').replace(/[\s.:']/g, '') !== '')
      .filter(({ text }) => NO_WORDS.has(tellRefusal(filled(text))?.says));
    expect(without).toEqual([]);
  });

  test('is there for no text that the API has not', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((name) => /^(management|domain|kernel|actions\/check)\/.*\.ts$/.test(name))
      .map((name) => readFileSync(`src/${name}`, 'utf8'))
      .join('\n');
    const known = new Set(MESSAGES.map(({ text }) => text));
    const parts = (text: string) => text.split('…').flatMap((part) => part.match(/\w[\w ]{8,}\w/g) ?? []);
    const isKnown = (text: string) => known.has(text) || parts(text).every((part) => sources.includes(part));
    expect(SENTENCES.map(([text]) => text).filter((text) => !isKnown(text))).toEqual([]);
  });

  test('is plain', () => {
    const says = [
      ...SENTENCES.map(([, , sentence]) => sentence),
      ...Object.values(FORMAT_WORDS),
      ...Object.values(PATTERN_WORDS),
    ];
    const wrong = says.filter((text) => TECHNICAL.test(text.replace('org_', '')) || !/[.…\d]$/.test(text));
    expect(wrong).toEqual([]);
  });

  test('the texts of the issue', () => {
    const says = (text: string) => tellRefusal(text);
    expect(
      says("Payload validation error: 'Object didn't pass validation for format email: x' on property invitee.email."),
    ).toEqual({
      property: 'invitee.email',
      says: FORMAT_WORDS.email,
    });
    expect(says(String(MESSAGES.find(({ text }) => text.includes('https://auth0.com/docs'))?.text))?.says).toContain(
      'Sign-in start address',
    );
    const discovery = MESSAGES.find(({ text }) => text.startsWith('Nobody could sign in'));
    expect(discovery && says(filled(discovery.text))).toMatchObject({ property: 'options' });
    expect(says("Payload validation error: 'Missing required property: email' on property invitee.")?.property).toBe(
      'invitee.email',
    );
    expect(says("Payload validation error: 'Missing required property: name'.")?.property).toBe('name');
    expect(says('Something new')).toBeUndefined();
  });
});

/** The operations that the console writes by, as its sources call them. */
function listWrites(): readonly string[] {
  const found = readdirSync('src/console', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => [
      ...readFileSync(`src/console/${name}`, 'utf8').matchAll(/api\.(POST|PATCH|PUT|DELETE)\(\s*'([^']+)'/g),
    ])
    .map(([, method, path]) => `${method?.toLowerCase()} ${path}`);
  return [...new Set(found)].sort();
}

interface Node {
  readonly $ref?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
  readonly additionalProperties?: Node | boolean;
}

/** Every part of a schema, with the properties on the way to it. */
function walk(
  node: Node | undefined,
  at: string,
  seen: ReadonlySet<string>,
): readonly (readonly [at: string, node: Node])[] {
  if (typeof node !== 'object') return [];
  if (node.$ref !== undefined) {
    const name = node.$ref.split('/').at(-1) ?? '';
    return seen.has(name) ? [] : walk(DEFINITIONS[name] as Node, at, new Set([...seen, name]));
  }
  const parts = [node.items, ...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  if (typeof node.additionalProperties === 'object') parts.push(node.additionalProperties);
  const inside = parts.flatMap((part) => walk(part, at, seen));
  const below = Object.entries(node.properties ?? {}).flatMap(([name, part]) =>
    walk(part, at === '' ? name : `${at}.${name}`, seen),
  );
  return [[at, node] as const, ...inside, ...below];
}

/** Patterns and formats of settings of Auth0's that no form here sends. */
const NEVER_SENT =
  /^(addons|token_vault|signed_request_object|country_codes|sink\.(splunk|mixpanel|aws|azure)|express_configuration|my_organization)/;

describe.each(listWrites())('%s', (key) => {
  const parts = walk(getRequestSchemas(key).body as Node | undefined, '', new Set()).filter(
    ([at]) => !NEVER_SENT.test(at),
  );

  test('has words for each of its formats and patterns', () => {
    const formats = new Set(parts.flatMap(([, { format }]) => format ?? []));
    const patterns = new Set(parts.flatMap(([, { pattern }]) => pattern ?? []));
    expect([...formats].filter((one) => !CHOSEN_FORMATS.has(one) && FORMAT_WORDS[one] === undefined)).toEqual([]);
    expect([...patterns].filter((one) => PATTERN_WORDS[one] === undefined)).toEqual([]);
  });

  test('a wrong value of each property is told in words, at that property', () => {
    const names = Object.keys((getRequestSchemas(key).body as Node | undefined)?.properties ?? {});
    for (const name of names)
      for (const wrong of ['', ' ', '<\u0000>', 'x'.repeat(100_000), -1, 1e12, {}, [], ['<'], [{}], null, false]) {
        const message = refusalOf(key, { [name]: wrong });
        if (message === undefined) continue;
        const told = tellRefusal(message);
        expect(told, message).toBeDefined();
        expect(told?.says, message).not.toMatch(TECHNICAL);
        expect(NO_WORDS, message).not.toContain(told?.says);
      }
  });
});

/** The text of the API's refusal of such a body. */
function refusalOf(key: string, body: unknown): string | undefined {
  try {
    checkAgainstSchema(key, 'body', body);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

test('each format that the API checks is known to the console, or is chosen in a list', () => {
  const unknown = Object.keys(FORMATS).filter((one) => FORMAT_WORDS[one] === undefined && !CHOSEN_FORMATS.has(one));
  expect(unknown).toEqual([]);
});

test.each([
  ['callbacks', 'callbacks[2]', true],
  ['invitee.email', 'invitee.email', true],
  ['options', 'options.issuer', true],
  ['name', 'display_name', false],
  ['call', 'callbacks', false],
])('the field of %s %s: %s', (property, refused, expected) => {
  expect(concerns(property, refused)).toBe(expected);
});
