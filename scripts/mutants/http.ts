// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in what binds a login to its browser: cookies, transactions, proofs, the way back from the IdP. */
import { type Mutant, mutantsOf } from './mutant.js';

const scenario = (name: string) => `test/scenarios/${name}.test.ts`;
const PROOF = scenario('07-account-elsewhere-invited');
const BAD = scenario('bad-input');
const SESSIONS = scenario('sessions');
const TIME = 'test/time/expiry.test.ts';

export const HTTP_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/http/login/proof.ts',
    ['any code fits', 'secretsEqual(hashCode(proof.id, typed), proof.codeHash) &&', '', PROOF],
    [
      'old code fits',
      ' && proof.expiresAt > pipeline.clock.now().getTime()',
      '',
      PROOF,
      scenario('09-unverified-twin'),
      BAD,
      'test/faults/browser-binding.test.ts',
    ],
    ['code guessed without a limit', 'limit: TRIES_PER_CODE }', 'limit: 1000 }', PROOF],
  ),
  ...mutantsOf(
    'src/http/browser/transactions.ts',
    [
      'transaction moved under another name',
      "const plain = box.openBytes(Buffer.from(value, 'base64url'), `login:${id}`);",
      "const plain = box.openBytes(Buffer.from(value, 'base64url'), `login:${id.slice(0, 0)}`);",
      scenario('01-invited-newcomer'),
      BAD,
    ],
    [
      'transaction without an age',
      'transaction.startedAt + TRANSACTION_SECONDS * 1000 > clock.now().getTime()',
      'transaction.startedAt > 0',
      BAD,
      SESSIONS,
      'test/faults/browser-binding.test.ts',
    ],
    [
      'transactions without number',
      '...alive.slice(MAX_TRANSACTIONS - 1)',
      '...alive.slice(1000)',
      BAD,
      SESSIONS,
      'test/faults/browser-binding.test.ts',
    ],
  ),
  ...mutantsOf(
    'src/http/browser/sessions.ts',
    [
      'session ended in the browser only',
      'if (reference) await ender.endSession(reference.userId, reference.sessionHash);',
      '',
      SESSIONS,
      'test/oauth/logout.test.ts',
      scenario('24-invitation-in-anothers-browser'),
    ],
    [
      'session of another purpose opens',
      'openToken(box, value, CONTEXT)',
      'openToken(box, value, `${CONTEXT}s`)',
      SESSIONS,
    ],
  ),
  ...mutantsOf(
    'src/http/browser/cookies.ts',
    [
      'cookie that scripts can read',
      'httpOnly: true,',
      'httpOnly: false,',
      BAD,
      SESSIONS,
      'test/faults/browser-binding.test.ts',
    ],
    [
      'cookie that goes along from other sites',
      "sameSite: 'lax',",
      "sameSite: 'none',",
      BAD,
      SESSIONS,
      'test/faults/browser-binding.test.ts',
    ],
    [
      'cookie that a neighbour can plant',
      "origin.startsWith('https:') ? `__Host-${name}` : name",
      'name',
      'test/wire/https.test.ts',
      'test/faults/browser-binding.test.ts',
    ],
  ),
  ...mutantsOf(
    'src/http/login/outcome.ts',
    ['session cookie not set', 'if (grant.sessionSecret !== undefined)', 'if (grant.sessionSecret === "")', SESSIONS],
    [
      'finished login left in the browser',
      'deps.transactions.end(reply, transaction);\n      const brand',
      'const brand',
      SESSIONS,
      BAD,
      'test/faults/browser-binding.test.ts',
    ],
    [
      'refused login left in the browser',
      "hasPrompt(transaction.request, 'none')) {\n    deps.transactions.end(reply, transaction);",
      "hasPrompt(transaction.request, 'none')) {",
      scenario('03-stranger'),
    ],
  ),
  ...mutantsOf(
    'src/http/login/callback.ts',
    [
      'way back answered without the transaction',
      "deps.transactions.find(request, state?.split('.')[0]);",
      "deps.transactions.find(request, state?.split('.')[1]);",
      scenario('02-existing-member'),
    ],
    ['way back with a parameter twice', '  if (wrong) {', '  if (wrong && state === undefined) {', BAD],
  ),
  ...mutantsOf('src/http/form.ts', [
    'bytes that are no UTF-8 taken for text',
    '  } catch {\n    return undefined;',
    '  } catch {\n    return text;',
    BAD,
  ]),
  ...mutantsOf('src/http/login/flow.ts', [
    'state that anybody can guess',
    'state: `${login.transaction.id}.${newSecret(entropy)}`,',
    'state: `${login.transaction.id}.state`,',
    BAD,
    'test/faults/browser-binding.test.ts',
  ]),
  ...mutantsOf('src/storage/tokens/statements.ts', [
    'successor of a refresh token told by the clock',
    'f.parent_hash = g.token_hash',
    'f.token_hash <> g.token_hash and f.created_at >= g.rotated_at',
    'test/time/clocks.test.ts',
  ]),
  ...mutantsOf('src/http/oauth/grant-refresh-token.ts', [
    'idle refresh token a moment too long',
    'grant.idleExpiresAt.getTime() <= now.getTime()',
    'grant.idleExpiresAt.getTime() < now.getTime()',
    TIME,
  ]),
  ...mutantsOf('src/http/oauth/grant-authorization-code.ts', [
    'code a moment too long',
    'grant.expiresAt.getTime() <= now.getTime()',
    'grant.expiresAt.getTime() < now.getTime()',
    TIME,
    // The statement that redeems the code looks again, so only the named check tells.
    'test/oauth/authorization-code.test.ts',
  ]),
  ...mutantsOf('src/tokens/issuer.ts', [
    'access token a moment too long',
    'claims.exp <= numericNow()',
    'claims.exp < numericNow()',
    TIME,
  ]),
];
