// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/**
 * Faults in lengths, depths and budgets, which keep one customer, client or Action from stopping the server for others.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const CONDITION = 'test/domain/membership-condition.test.ts';
const OIDC = 'test/connectors/oidc-attacks.test.ts';
const BOUNDS = 'test/kernel/json-bounds.test.ts';
const NESTED = 'test/attacks/claims-that-nest.test.ts';
const LINT = 'test/actions/lint/robustness.test.ts';
const THREAD = 'test/actions/check-thread.test.ts';
const COOKIES = 'test/attacks/cookies-without-end.test.ts';
const COOKIE_PROPERTY = 'test/properties/cookies.test.ts';
const FORM = 'test/transaction-form.test.ts';
const OVERFLOW = 'test/storage/cookie-overflow.test.ts';
const BAD_INPUT = 'test/scenarios/bad-input.test.ts';
const MALFORMED = 'test/scenarios/14-malformed-requests.test.ts';
const OAUTH = 'test/oauth/bad-input.test.ts';

export const BOUND_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/actions/check/check-thread.ts',
    ['one caller fills the line of the linter', ' || this.#turns.countWaiting(caller) >= waitingPerCaller', '', THREAD],
    ['the line of the linter has no end', 'this.#waiting.length >= waiting || ', '', THREAD],
    [
      'code that could not be checked passes',
      "return { errors: [{ kind: 'code', message, line: undefined, column: undefined }], warnings: [] };",
      'return { errors: message === undefined ? [] : [], warnings: [] };',
      THREAD,
    ],
    [
      'callers are not served in turn',
      'const [next] = this.#turns.inOrder(this.#waiting);',
      'const [next] = this.#waiting;',
      THREAD,
    ],
  ),
  ...mutantsOf(
    'src/connectors/oidc/metadata.ts',
    ['an issuer without a length', 'if (issuer.length <= MAX_URL) return issuer;', 'if (issuer) return issuer;', OIDC],
    ['documents nested without end', 'if (!isWithinBounds(document, DOCUMENT_BOUNDS))', 'if (false)', OIDC],
  ),
  ...mutantsOf(
    'src/connectors/oidc/keys.ts',
    ['a list without keys taken for keys', 'if (!keys.some(isForSignatures)) {', 'if (false) {', OIDC],
    ['a fetch for every made-up key id', 'if (!fetches.take()) {', 'if (false) {', OIDC],
  ),
  ...mutantsOf('src/connectors/oidc/provider.ts', [
    'a discovery for every login that strangers begin',
    'if (before !== undefined && before.budget.waitMs() > 0) return before.last;',
    '',
    OIDC,
  ]),
  ...mutantsOf('src/connectors/budget.ts', ['a pause for good after the first few', 'left += more;', '', OIDC]),
  ...mutantsOf('src/connectors/oidc/id-token.ts', [
    'claims nested without end',
    'if (!isWithinBounds(claims, CLAIM_BOUNDS)) {',
    'if (false) {',
    OIDC,
    NESTED,
  ]),
  ...mutantsOf(
    'src/kernel/json-bounds.ts',
    ['any depth', 'if (at >= depth) return false;', '', BOUNDS],
    ['any number of values', 'if (seen > values) return false;', '', BOUNDS],
  ),
  ...mutantsOf(
    'src/domain/companies/membership-condition.ts',
    ['every item compared with every item', 'if (at.perItem && ', 'if (false && ', CONDITION],
    [
      'functions of unbounded cost',
      'if (name !== undefined && !LOOPS.has(name) && !FUNCTIONS.has(name))',
      'if (false)',
      CONDITION,
    ],
    ['a list put together of the same one many times', ' * Math.max(1, lists)', '', CONDITION],
    ['a text made for the search', 'if (searchesForClaims(node))', 'if (false)', CONDITION],
    [
      'any number of claims in a condition',
      'if (left < 1 || !isWithinBounds(input.claims, { ...CLAIM_BOUNDS, values: left })) return false;',
      '',
      CONDITION,
    ],
    ['a long question to every item', 'MAX_LOOP_STEPS / Math.max(1, perItem)', 'CLAIM_BOUNDS.values', CONDITION],
    ['lists that are added up again and again', 'MAX_READ_VALUES / reads', 'CLAIM_BOUNDS.values', CONDITION],
    ['texts that are added up again and again', 'if (size > characters) return false;', '', CONDITION],
  ),
  ...mutantsOf(
    'src/http/browser/cookies.ts',
    ['slots that are too long together', 'vestibule_login_5: 444', 'vestibule_login_5: 455', COOKIE_PROPERTY],
    ['a session of any length', 'vestibule_session: 720', 'vestibule_session: 1_720', COOKIE_PROPERTY],
  ),
  ...mutantsOf(
    'src/http/browser/slots.ts',
    ['a login of one cookie only', 'MAX_SLOTS = ORDINARY_SLOTS.length - 1', 'MAX_SLOTS = 1', COOKIES],
    [
      'a form of another site in the slots of the person',
      '[...SLOT_NAMES.keys()].filter((slot) => slot !== POSTED_SLOT)',
      '[...SLOT_NAMES.keys()]',
      COOKIE_PROPERTY,
    ],
    [
      'the newest login goes, not the oldest',
      'one.startedAt - two.startedAt',
      'two.startedAt - one.startedAt',
      BAD_INPUT,
    ],
  ),
  ...mutantsOf(
    'src/http/browser/unfinished.ts',
    [
      'forms of other sites in every slot',
      'if ((query as Readonly<Record<string, unknown>> | undefined)?.[POSTED_MARK] !== undefined) return true;',
      '',
      COOKIES,
    ],
    ['a row that stays after the login', 'await removeRows(reply, opened === undefined ? [] : [opened]);', '', COOKIES],
    [
      'parts that stay after the login',
      'for (const slot of held.slots) clearCookie',
      'for (const slot of [0]) clearCookie',
      COOKIES,
    ],
    [
      'a cookie that opens in any slot',
      "`unfinished:${id}:${slots.join('.')}`",
      '`unfinished:${id}:${slots.length}`',
      COOKIES,
    ],
    ['a try taken for a login', ' || opened.kind !== kind', '', FORM],
    [
      'a browser with any number of rows',
      "(id !== work.id && 'key' in place ? [place.key] : [])",
      '(id !== work.id && false ? [place as never] : [])',
      COOKIE_PROPERTY,
    ],
  ),
  ...mutantsOf(
    'src/storage/cookie-overflow.ts',
    ['rows of one machine without number', 'in_machine >= ${MOST.machine} or ', '', OVERFLOW],
    ['rows of one site without number', 'in_site >= ${MOST.site} or ', '', OVERFLOW],
    ['rows of one block without number', ' or in_block >= ${MOST.block}', '', OVERFLOW],
    ['rows without number', 'where not (select is_full from filled) or', 'where true or', OVERFLOW],
    [
      'a row found after its time',
      'where key_hash = $1 and expires_at > $2',
      'where key_hash = $1 and $2::timestamptz is not null',
      OVERFLOW,
    ],
  ),
  ...mutantsOf('src/http/client-error.ts', [
    'a browser left alone with its cookies',
    'const cookies = SLOT_NAMES.map((name) => toClearedCookie(origin, name));',
    'const cookies = SLOT_NAMES.slice(1).map((name) => toClearedCookie(origin, name));',
    COOKIES,
  ]),
  ...mutantsOf('src/http/listener.ts', [
    "the framework's own limit of headers",
    'maxHeaderSize: MAX_HEADER_BYTES,',
    '',
    COOKIES,
  ]),
  ...mutantsOf(
    'src/http/oauth/authorization-parameters.ts',
    ['parameters of /authorize without a length', 'if (Buffer.byteLength(value) > limit)', 'if (false)', MALFORMED],
    [
      'an answer where its address is in doubt',
      "isLost: flaws.has('client_id') || flaws.has('redirect_uri'),",
      'isLost: false,',
      'test/scenarios/14-authorize.test.ts',
      MALFORMED,
    ],
  ),
  ...mutantsOf('src/http/oauth/authorize.ts', [
    'what was wrong forgotten on the way to a GET',
    'const again = collected.wrong\n    ? undefined\n    : addressForGet(',
    'const again = collected.isLost\n    ? undefined\n    : addressForGet(',
    MALFORMED,
  ]),
  ...mutantsOf('src/http/oauth/parameters.ts', [
    'parameters without a length',
    'value.length > (LIMITS.get(name) ?? MAX_CHARACTERS)',
    'value.length < 0',
    OAUTH,
  ]),
  ...mutantsOf('src/lint/context.ts', [
    'a name to suggest for every wrong one',
    'if (suggestions.size >= MAX_SUGGESTIONS && !suggestions.has(key)) return { majors: [] };',
    '',
    LINT,
  ]),
  ...mutantsOf('src/lint/flow.ts', [
    'every statement after every statement',
    'const room = MAX_STATEMENTS - after.length;',
    'const room = siblings.length;',
    LINT,
  ]),
];
