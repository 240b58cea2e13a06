// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/**
 * Faults in the checks of the protocols: PKCE and codes, tokens of this server and of identity providers, redirects,
 * readers of an answer, ends of sessions, and the servers that requests may reach.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const CODES = 'test/oauth/authorization-code.test.ts';
const ISSUER = 'test/tokens/token-issuer.test.ts';
const LOGOUT = 'test/oauth/logout.test.ts';
const CORS = 'test/oauth/discovery-cors.test.ts';
const REVOKE = 'test/oauth/userinfo-revoke.test.ts';
const OUTBOUND = 'test/connectors/outbound.test.ts';
const START = 'test/connectors/oidc-start.test.ts';
const AT_PROVIDER = 'test/connectors/oidc-attacks.test.ts';
const USERS = 'test/management/users.test.ts';
const MESSAGE = 'test/oauth/web-message.test.ts';

const CODE = [
  ...mutantsOf(
    'src/http/oauth/pkce.ts',
    [
      'a stolen code in an honest client’s exchange (PKCE downgrade)',
      "if (verifier !== undefined) return failed('pkce.downgrade');",
      '',
      CODES,
    ],
    [
      'a public client without PKCE',
      "kind === 'public' ? failed('pkce.required')",
      "kind === 'public' ? undefined",
      CODES,
    ],
    ['any verifier fits', 'secretsEqual(computed, challenge) ?', 'secretsEqual(computed, computed) ?', CODES],
    ['a verifier that can be guessed', "if (!VERIFIER.test(verifier)) return failed('pkce.syntax');", '', CODES],
  ),
  ...mutantsOf(
    'src/http/oauth/grant-authorization-code.ts',
    ['a code of one application at another', 'if (grant.clientId !== client.clientId)', 'if (false)', CODES],
    ['a code that was sent elsewhere', 'if (sent !== undefined && sent !== grant.redirectUri)', 'if (false)', CODES],
    ['the address of the code is left out', 'if (sent === undefined && grant.redirectUriSent)', 'if (false)', CODES],
    [
      'a code that was presented twice ends nothing',
      "answer.evidence.check === 'code.replayed'",
      "answer.evidence.check === 'code.expired'",
      CODES,
    ],
    [
      'two exchanges at once have one code',
      "if (outcome === 'used') return invalidCode({ check: 'code.replayed' });",
      'if (outcome === undefined) throw new Error();',
      CODES,
    ],
  ),
  ...mutantsOf('src/tokens/opaque.ts', [
    'a refresh token is taken for a code',
    'const fields = openToken(box, value, kind);',
    "const fields = openToken(box, value, kind) ?? openToken(box, value, 'refresh');",
    'test/tokens/opaque.test.ts',
  ]),
  ...mutantsOf('src/http/oauth/revoke.ts', [
    'a token is revoked without the secret of its application',
    'if (refusal || token === undefined) return',
    'if (token === undefined) return',
    REVOKE,
  ]),
];

const TOKEN = [
  ...mutantsOf(
    'src/tokens/jwt.ts',
    ['a critical header that nobody understands', " || 'crit' in header)", ')', ISSUER],
    [
      'a signature that does not fit',
      'const claims = genuine ? decode(body)',
      'const claims = genuine !== undefined ? decode(body)',
      ISSUER,
    ],
  ),
  ...mutantsOf('src/tokens/issuer.ts', [
    'a machine gets an opaque token',
    'request.userId === undefined || claims.aud !== userinfo',
    'request.userId !== undefined && claims.aud !== userinfo',
    ISSUER,
  ]),
  ...mutantsOf('src/http/oauth/revoke.ts', [
    'an opaque access token is said to be revoked',
    "opened !== undefined || token.split('.').length === 3",
    "token.split('.').length === 3",
    'test/oauth/userinfo-revoke.test.ts',
  ]),
  ...mutantsOf(
    'src/tokens/issuer.ts',
    [
      'an access token of another issuer',
      'claims === undefined || claims.iss !== issuer || !names(claims.aud, audience)',
      'claims === undefined || !names(claims.aud, audience)',
      ISSUER,
    ],
    [
      'a token for another API',
      'claims.iss !== issuer || !names(claims.aud, audience)) return',
      'claims.iss !== issuer) return',
      ISSUER,
    ],
    [
      'a part of an audience is enough',
      'Array.isArray(audience) ? audience.includes(wanted) : audience === wanted',
      'String(audience).includes(wanted)',
      ISSUER,
    ],
  ),
  ...mutantsOf(
    'src/management/users/link-token.ts',
    ['an account is linked by an old token', 'if (verified.expiresAt <= call.now)', 'if (false)', USERS],
    [
      'an account is linked by a token that a person gave another application',
      'if (verified.clientId !== call.caller.clientId)',
      'if (false)',
      USERS,
    ],
  ),
];

const PROVIDER = [
  ...mutantsOf(
    'src/connectors/oidc/id-token.ts',
    ['a token chooses its algorithm', 'algorithms: [...expected.algorithms],', '', AT_PROVIDER],
    [
      'a token of another issuer',
      '...(expected.issuer !== undefined && { issuer: expected.issuer }),',
      '',
      AT_PROVIDER,
    ],
    ['a token for another client', 'audience: expected.clientId,', '', AT_PROVIDER],
    [
      'a token without an end',
      "requiredClaims: ['sub', 'exp', 'iat'],",
      "requiredClaims: ['sub', 'iat'],",
      AT_PROVIDER,
    ],
    [
      'a token of the future',
      '(claims.iat ?? 0) > toNumericDate(expected.now) + CLOCK_SKEW_SECONDS',
      'false',
      AT_PROVIDER,
    ],
    [
      'a token of another login',
      "typeof claims.nonce !== 'string' || !secretsEqual(claims.nonce, expected.nonce)",
      'claims.nonce === 0',
      AT_PROVIDER,
    ],
    [
      'a token without a nonce',
      "typeof claims.nonce !== 'string' || !secretsEqual(",
      "typeof claims.nonce === 'string' && !secretsEqual(",
      AT_PROVIDER,
    ],
    ['a token that another client shares', 'claims.azp !== expected.clientId', 'false', AT_PROVIDER],
    ['a token of any length', 'if (token.length > MAX_TOKEN_LENGTH)', 'if (false)', AT_PROVIDER],
    ['a subject of any form', 'if (!isSubject(claims.sub))', 'if (false)', AT_PROVIDER],
  ),
  ...mutantsOf(
    'src/connectors/oidc/metadata.ts',
    [
      'a document speaks for another provider',
      'if (dialect.isDocumentIssuer(issuer)) return undefined;',
      'return undefined;',
      AT_PROVIDER,
    ],
    [
      'endpoints without encryption',
      "protocol === 'https:' || (protocol === 'http:' && issuer.startsWith('http:'))",
      '/^https?:$/.test(protocol)',
      START,
    ],
    [
      'a script as the address of a provider',
      "if (protocol === 'https:' || (protocol === 'http:' && issuer.startsWith('http:'))) return text;",
      "if (protocol !== 'http:' || issuer.startsWith('http:')) return text;",
      AT_PROVIDER,
      START,
    ],
  ),
];

const PLACES = [
  ...mutantsOf(
    'src/http/oauth/logout-target.ts',
    [
      'to any address after /v2/logout',
      'return isListedWithoutQuery(listed, returnTo) ?',
      'return returnTo !== listed[9] ?',
      LOGOUT,
    ],
    [
      'to the beginning of a listed address',
      'listed.includes(url) || listed.includes(url.replace',
      'listed.some((one) => url.startsWith(one)) || listed.includes(url.replace',
      LOGOUT,
    ],
    ['to any address after /oidc/logout', 'if (!listed.includes(uri)) return', 'if (false) return', LOGOUT],
    [
      'query and fragment are not compared',
      'if (!listed.includes(uri)) return',
      'if (!isListedWithoutQuery(listed, uri)) return',
      LOGOUT,
    ],
    [
      'an unknown application has the addresses of the tenant',
      'if (clientId === undefined) return targets.tenantLogoutUrls;',
      'if (targets.client === undefined) return targets.tenantLogoutUrls;',
      LOGOUT,
    ],
    [
      'a line break begins a header',
      'return url.replace(/[^\\x21-\\x7e]+/g, (text) => encodeURIComponent(text));',
      'return url;',
      'test/attacks/response-splitting.test.ts',
    ],
  ),
  ...mutantsOf(
    'src/http/oauth/logout.ts',
    [
      'another application’s token with this one’s address',
      'if (hint && hint.clientId !== clientId)',
      'if (false)',
      LOGOUT,
    ],
    [
      'a token of one’s own signs somebody else out',
      'hint?.userId === session.userId ||',
      'hint !== undefined ||',
      LOGOUT,
    ],
    ['any site signs people out', 'session === undefined || hint?.userId', 'true || hint?.userId', LOGOUT],
    [
      'any site confirms in the name of a person',
      'if (!isFromOwnPage(logout.request, logout.deps.origin))',
      'if (false)',
      LOGOUT,
    ],
    [
      'a confirmation of a browser that does not say whence',
      'site === undefined ? request.headers.origin === origin',
      'site === undefined ? true',
      LOGOUT,
    ],
    ['a confirmation of a sister site', "site === 'same-origin'", "site.startsWith('same-')", LOGOUT],
  ),
  ...mutantsOf(
    'src/http/oauth/web-message.ts',
    ['a code to a window of any site', 'client.webOrigins.some((url) => originOf(url) === origin)', 'true', MESSAGE],
    ['a code to every sandboxed frame', "origin === 'null' ? undefined : origin", 'origin', MESSAGE],
    ['a state ends the script around it', '/[<\\u2028\\u2029]/g', '/[\\u2028\\u2029]/g', MESSAGE],
    ['any site frames the answer', 'frame-ancestors ${target}', 'frame-ancestors *', MESSAGE],
    [
      'whatever window opened it reads the answer',
      '${toScriptJson(message)},${toScriptJson(target)}',
      "${toScriptJson(message)},'*'",
      MESSAGE,
    ],
  ),
  ...mutantsOf(
    'src/http/oauth/cors.ts',
    [
      'any page reads tokens',
      'client === undefined || !isOriginOf(client, origin)) return',
      'client === undefined) return',
      CORS,
    ],
    ['every sandboxed frame reads tokens', "origin === 'null' ? undefined : origin", 'origin', CORS],
    ['an answer for one origin is kept for another', "  reply.header('vary', 'Origin');\n  const", '  const', CORS],
  ),
];

const SERVERS = [
  ...mutantsOf(
    'src/connectors/outbound/guarded-connect.ts',
    [
      'a private address by a name',
      'addresses.filter(({ address }) => isPermitted(address))',
      'addresses.filter(({ address }) => address)',
      OUTBOUND,
    ],
    ['a private address as it is', 'if (isIP(host) !== 0 &&', 'if (isIP(host) > 9 &&', OUTBOUND],
    [
      'plain http to public servers',
      "(address) => classifyAddress(address, allow) === 'allowed'",
      "(address) => classifyAddress(address, allow) !== 'forbidden'",
      OUTBOUND,
    ],
  ),
  ...mutantsOf(
    'src/connectors/outbound/fetch.ts',
    ['an answer without an end', 'if (this.#bytes > this.maxBytes) {', 'if (this.#bytes < 0) {', OUTBOUND],
    [
      'an answer of a byte a second',
      "() => reader.give(new OutboundError('timeout', `${target.host}: no whole",
      "() => void (new OutboundError('timeout', `${target.host}: no whole",
      OUTBOUND,
    ],
    ['a small answer that unpacks to gigabytes', "  named['accept-encoding'] = 'identity';\n", '', OUTBOUND],
    ['other protocols', "if (target.protocol !== 'https:' && target.protocol !== 'http:')", 'if (false)', OUTBOUND],
  ),
  ...mutantsOf('src/connectors/upstream-params.ts', [
    'a parameter is read from what all objects have',
    'Object.hasOwn(known, alias) ? known[alias] : undefined',
    'known[alias]',
    START,
  ]),
];

export const PROTOCOL_MUTANTS: readonly Mutant[] = [...CODE, ...TOKEN, ...PROVIDER, ...PLACES, ...SERVERS];
