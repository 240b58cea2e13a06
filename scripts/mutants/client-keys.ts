// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in how applications authenticate with a key of their own, and in who may give them one. */
import { type Mutant, mutantsOf } from './mutant.js';

const AT_PROVIDER = 'test/connectors/oidc-client-key.test.ts';
const CONNECTION_KEYS = 'test/management/connection-keys.test.ts';
const PUBLISHED = 'test/oauth/connection-keys.test.ts';
const FORGED = 'test/attacks/forged-client-assertion.test.ts';
const CREDENTIALS = 'test/management/client-credentials.test.ts';

const ASSERTION = mutantsOf(
  'src/http/oauth/client-assertion.ts',
  ['the header chooses the algorithm', 'algorithms: [key.alg],', '', FORGED],
  ['another kind of token as an assertion', '&& KINDS.has(kind) ?', '?', FORGED],
  ['any key for any kid', 'kid === undefined || key.kid === kid', 'true', FORGED],
  ['the token endpoint alone as audience', 'return named.includes(`${origin}/`) && ', 'return ', FORGED],
  ['another server beside us', ' && named.every((name) => ours.includes(name))', '', FORGED],
  ['an assertion without an end', "if (!isTime(exp)) return 'exp is missing';\n", '', FORGED],
  ['an assertion of the past', 'if (exp <= now - SKEW_SECONDS)', 'if (false)', FORGED],
  ['an assertion for years', 'if (exp > now + MAX_LIFETIME_SECONDS + SKEW_SECONDS)', 'if (false)', FORGED],
  ['an assertion of the future', '!(isTime(time) && time <= now + SKEW_SECONDS)', 'false', FORGED],
  ['an assertion that another application issued', 'iss !== clientId || sub !== clientId', 'sub !== clientId', FORGED],
  ['a jti that is missing', "typeof jti !== 'string' || jti === '' ||", "typeof jti === 'string' &&", FORGED],
  ['a key that has expired', 'key.expiresAt.getTime() <= now.getTime()', 'false', FORGED],
  ['a replay', "return spent === 'spent' ? undefined :", "return spent !== 'nothing' ? undefined :", FORGED],
  ['two names of one application', "(parameters.get('client_id') ?? subject) !== subject", 'false', FORGED],
  ['any type of assertion', 'if (type !== ASSERTION_TYPE)', 'if (false)', FORGED],
);

const SIGNING = 'test/management/signing-keys.test.ts';
const SIGNING_KEYS = [
  ...mutantsOf(
    'src/management/keys/signing-keys.ts',
    ['keys are rotated with half of the scopes', 'if (!needed.every(', 'if (!needed.some(', SIGNING],
    ['key sets without end', '.length >= MAX_NEXT)', '.length < 0)', SIGNING],
    [
      'the last signing key is taken away',
      'if (!deps.signingKeys.isReplaceable(key.kid, all, call.now))',
      'if (false)',
      SIGNING,
    ],
  ),
  ...mutantsOf('src/storage/directory/tenant/signing-keys.ts', [
    'two keys taken away at once',
    'await sql`select pg_advisory_xact_lock(${LOCK_KEY})`.execute(db);',
    '',
    SIGNING,
  ]),
  ...mutantsOf('src/management/api/run-write.ts', [
    'a revoked key is known until the next reading',
    'await reply.after?.();',
    '',
    SIGNING,
  ]),
];

const SESSIONS = 'test/scenarios/sessions-by-api.test.ts';
const TOKENS = [
  ...mutantsOf(
    'src/management/sessions/refresh-tokens.ts',
    [
      'an audience without its application ends every token',
      'if (audience !== undefined && clientId === undefined)',
      'if (false)',
      SESSIONS,
    ],
    [
      'ids beside a user',
      'if (userId !== undefined || clientId !== undefined || audience !== undefined)',
      'if (false)',
      SESSIONS,
    ],
  ),
  ...mutantsOf(
    'src/storage/directory/tenant/sessions.ts',
    [
      'tokens of another application are ended',
      '...(clientId === undefined ? [] : [sql`client_id = ${clientId}`])',
      '',
      SESSIONS,
    ],
    [
      'tokens for another API are ended',
      '...(audience === undefined ? [] : [sql`audience = ${audience}`])',
      '',
      SESSIONS,
    ],
  ),
];

const EVERY_REFUSAL = 'test/scenarios/32-every-refusal.test.ts';
const BARRED = mutantsOf(
  'src/http/oauth/authorize.ts',
  [
    'a person signs in for an API that is closed',
    "if (target.audienceBarredBy === 'policy')",
    'if (false)',
    EVERY_REFUSAL,
  ],
  [
    'a person signs in for an API that the application may not use',
    "if (target.audienceBarredBy === 'missing_grant')",
    'if (false)',
    EVERY_REFUSAL,
  ],
);

const CONNECTION = [
  ...mutantsOf('src/connectors/oidc/client-key.ts', [
    'no key at the provider, and the login goes on',
    'if (key === undefined) throw new NoConnectionKey(',
    'if (key === undefined) console.debug(',
    AT_PROVIDER,
  ]),
  ...mutantsOf('src/connectors/oidc/settings.ts', [
    'the secret is sent in the place of a key',
    "  if (method === 'private_key_jwt') return method;\n",
    '',
    AT_PROVIDER,
  ]),
  ...mutantsOf('src/connectors/oidc/exchange.ts', [
    'a failed store counts as a wrong answer of the provider',
    '  if (inner instanceof Fault) throw inner;\n',
    '',
    AT_PROVIDER,
  ]),
  ...mutantsOf(
    'src/storage/secrets/connection-keys.ts',
    [
      'a key that was taken out of use is published',
      "and k.turn in ('current', 'next')",
      '',
      PUBLISHED,
      CONNECTION_KEYS,
    ],
    [
      'keys of one row open in another',
      '`connection_keys:${connectionId}:${kid}:private`',
      '`connection_keys:${connectionId}:private`',
      CONNECTION_KEYS,
    ],
    ['the next key signs already', "turn = 'current'`", "turn = 'next'`", CONNECTION_KEYS],
  ),
  ...mutantsOf(
    'src/management/connections/connection-keys.ts',
    ['one of the two scopes rotates', 'if (!needed.every(', 'if (!needed.some(', CONNECTION_KEYS],
    [
      'two changes at once leave no keys',
      '=== METHOD && firstKeys === undefined)',
      '=== METHOD && false)',
      CONNECTION_KEYS,
    ],
    [
      'what does not sign is rotated',
      'if (options.token_endpoint_auth_method !== METHOD)',
      'if (false)',
      CONNECTION_KEYS,
    ],
  ),
];

export const CLIENT_KEY_MUTANTS: readonly Mutant[] = [
  ...CONNECTION,
  ...SIGNING_KEYS,
  ...BARRED,
  ...TOKENS,
  ...ASSERTION,
  ...mutantsOf(
    'src/http/oauth/client-authentication.ts',
    ['an old secret beside a key', 'if (hasKey !== (credentials.assertion !== undefined))', 'if (false)', FORGED],
    [
      'an assertion and a secret at once',
      "if (secret !== undefined || scheme.toLowerCase() === 'basic') return",
      'if (false) return',
      FORGED,
    ],
  ),
  ...mutantsOf('src/http/oauth/grant-client-credentials.ts', [
    'the second look uses the assertion up again',
    "await checkRequest(deps, request, 'again')",
    "await checkRequest(deps, request, 'once')",
    FORGED,
  ]),
  ...mutantsOf(
    'src/storage/tokens/statements.ts',
    ['a key that is stored, and not in use', ' and k.id = any (c.authentication_credentials)', '', FORGED],
    ['keys of another application', 'k.client_id = c.client_id and k.id', 'k.id', FORGED],
  ),
  ...mutantsOf('src/storage/housekeeping.ts', [
    'an assertion is forgotten while it is valid',
    'delete from client_assertions where expires_at < $1',
    "delete from client_assertions where expires_at < $1::timestamptz + interval '1 day'",
    FORGED,
  ]),
  ...mutantsOf(
    'src/management/clients/public-key.ts',
    ['a private key is taken', 'if (/PRIVATE KEY/.test(pem))', 'if (false)', CREDENTIALS],
    ['a short key', 'modulusLength < MODULUS_BITS.least ||', '', CREDENTIALS],
    ['an exponent of one', 'publicExponent < EXPONENTS.least ||', '', CREDENTIALS],
  ),
  ...mutantsOf(
    'src/management/clients/credentials.ts',
    ['a third credential', 'before.length + credentials.length > MAX_CREDENTIALS', 'false', CREDENTIALS],
    [
      'a credential in use is deleted',
      'if (client?.authenticationCredentials.includes(id))',
      'if (false)',
      CREDENTIALS,
    ],
    [
      'an expired key of a stronger client is revived',
      'await checkNotStronger(deps, call, clientId);',
      '',
      CREDENTIALS,
    ],
  ),
  ...mutantsOf('src/management/clients/authentication.ts', [
    'an old secret is made good again without the scope for credentials',
    "if (typeof method === 'string')\n      throw badBody('The client has",
    "if (false)\n      throw badBody('The client has",
    CREDENTIALS,
  ]),
  ...mutantsOf('src/management/clients/clients.ts', [
    'a key is put into a stronger client',
    'if (body.client_secret !== undefined || opensAnotherWay(before, { ...before, ...changes }))',
    'if (body.client_secret !== undefined)',
    CREDENTIALS,
  ]),
];
