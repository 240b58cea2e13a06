// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/**
 * Faults in the limits for strangers: attempts by network and browser, log lines, secrets of applications, shares of
 * processes.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const RATES = 'test/kernel/rate-limit.test.ts';
const DOORS = 'test/attacks/too-many-requests.test.ts';
const LIMITS = 'test/login/attempt-limits.test.ts';
const RULES = 'test/login/attempt-rules.test.ts';
const SCENARIO = 'test/scenarios/limits.test.ts';
const ALLOWANCE = 'test/login/log-allowance.test.ts';
const FLOOD = 'test/attacks/log-flooding.test.ts';
const SECRETS = 'test/attacks/guessed-client-secret.test.ts';
const EVERY = 'test/scenarios/32-every-refusal.test.ts';
const PERSON = 'test/actions/runner/person-shares.test.ts';
const ACT = 'test/login/act.test.ts';
const REFRESH = 'test/oauth/refresh-actions.test.ts';
const LINK = 'test/attacks/link-sent-again-and-again.test.ts';
const LOOP = 'test/attacks/sign-ins-in-a-loop.test.ts';
const POOL = 'test/actions/runner/pool.test.ts';
const BLOCKS = 'test/scenarios/user-blocks.test.ts';
const STORED = 'test/storage/attempts.test.ts';
const CODES = 'test/attacks/factors/guessed-code.test.ts';

export const LIMIT_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/kernel/rate-limit.ts',
    ['a bucket holds more than it may', 'Math.min(atOnce, before.tokens', 'Math.max(atOnce, before.tokens', RATES],
    ['keys are never forgotten', 'if (buckets.size > maxKeys &&', 'if (false &&', RATES],
    ['a refused request takes a token', 'isWithin ? filled - 1 : filled', 'filled - 1', RATES],
  ),
  ...mutantsOf(
    'src/http/rate-limited.ts',
    ['requests beyond the limit of a door go on', 'if (answer.isWithin) return;', 'return;', DOORS],
    [
      'a door is found by its path as written',
      "limits.get(request.routeOptions.url ?? '')",
      'limits.get(request.url)',
      DOORS,
    ],
  ),
  ...mutantsOf('src/management/api/plugin.ts', [
    'calls beyond the limit of a client go on',
    'if (!answer.isWithin) throw',
    'if (false) throw',
    DOORS,
  ]),
  ...mutantsOf(
    'src/kernel/networks.ts',
    [
      'a customer has as much as 256 machines',
      "  ['site', 56],\n",
      "  ['site', 64],\n",
      'test/kernel/networks.test.ts',
      LIMITS,
    ],
    [
      'a block has as much as all of its customers',
      "  ['block', 48],\n",
      "  ['block', 56],\n",
      'test/kernel/networks.test.ts',
      LIMITS,
    ],
    ['an IPv4 address under two names', "'0:0:0:0:0:ffff', ", '', 'test/kernel/networks.test.ts'],
  ),
  ...mutantsOf(
    'src/login/attempt-limits.ts',
    [
      'one block uses up what is there for all',
      'Math.min(fromHere * SHARES[width], fromAnywhere / 2)',
      'fromHere * SHARES[width]',
      LIMITS,
    ],
    ['mail to whomever without a limit', 'limit: forAnybody * SHARES[width],', 'limit: 1e6,', LIMITS, SCENARIO],
    [
      'the browser of somebody else is known',
      'if (userId === undefined || !device?.userIds.includes(userId)) return [];',
      'if (userId === undefined || !device) return [];',
      LIMITS,
      SCENARIO,
    ],
    [
      'known browsers of an account without a common bound',
      '{ key: ofAccount, scope, limit: fromAnywhere / 2, windowSeconds, subject: ofAccount },',
      '',
      LIMITS,
    ],
    ['a known browser is a stranger', 'if (own.length > 0) {', 'if (own.length > 9) {', LIMITS, SCENARIO],
    ['codes for a sign-up come on top of the others', "    sharedWith: 'proof-mail',\n", '', LIMITS],
    [
      'what others tried is forgiven with a success',
      "change: index === 0 && counted.startsNarrow ? 'forget' : 'take_back'",
      "change: 'forget'",
      LIMITS,
    ],
    [
      'a sign-in with an account of one’s own lets a network guess on at all others',
      'index === 0 && counted.startsNarrow ?',
      'index === 0 ?',
      RULES,
    ],
    [
      'a trusted network guesses without end',
      'limit: fromAnywhere, windowSeconds, subject: ofNamed',
      'limit: isApart ? 1e6 : fromAnywhere, windowSeconds, subject: ofNamed',
      RULES,
    ],
    [
      'tries from many addresses do not count together',
      'return [...byNetwork, anywhere];',
      'return anywhere && byNetwork;',
      CODES,
    ],
    ['strangers shut a trusted network out', 'isApart ? apartKey(ofNamed) : ofNamed', 'ofNamed', RULES],
  ),
  ...mutantsOf(
    'src/storage/attempts.ts',
    [
      'whoever is refused goes on counting',
      "place === 1\n      ? 'where not exists (select from full_one)'",
      "place === 1\n      ? ''",
      STORED,
    ],
    [
      'of attempts at once the refused ones use up the earlier counters',
      'await takeBack(counters.slice(0, last.place));',
      '',
      STORED,
    ],
    [
      'of attempts at once all get through',
      'from c${place - 1} b where b.count <= ($3::integer[])[${place - 1}]',
      'from c${place - 1} b',
      STORED,
    ],
    [
      'a key is forgotten before its time',
      'expires_at = greatest(c.expires_at, excluded.expires_at)',
      'expires_at = excluded.expires_at',
      STORED,
    ],
    [
      'the end of a block is told and has no effect',
      'set count = 0 where key_hash',
      'set count = count where key_hash',
      STORED,
    ],
    [
      'a limit that ended is shown as a block',
      ' and expires_at > $2 and count',
      ' and $2::timestamptz is not null and count',
      STORED,
    ],
    ['somebody who still may try is shown as blocked', 'and count >= most', 'and count > 0', STORED, BLOCKS],
  ),
  ...mutantsOf(
    'src/login/attempt-limits.ts',
    [
      'the end of a block has no effect on the limit from everywhere',
      'windowSeconds, subject: ofNamed };',
      'windowSeconds };',
      BLOCKS,
    ],
    ['a network cannot be unblocked', '      subject: networkSubject(network),\n', '', BLOCKS],
    [
      'the end of a block lets a person try on at a whole network as well',
      'subject: networkSubject(network),',
      'subject: ofNamed,',
      BLOCKS,
    ],
  ),
  ...mutantsOf('src/login/attempt-subjects.ts', [
    'a mailed link brings back guesses at the second factor',
    'return GUESSES.map((kind) => deviceSubject(kind, userId));',
    'return [...GUESSES.map((kind) => deviceSubject(kind, userId)), ...subjectsOfFactors(userId)];',
    BLOCKS,
  ]),
  ...mutantsOf('src/management/blocks/ip-blocks.ts', [
    'a block of a network is lifted in the log alone',
    "({ after: () => attempts.forget(subjectsOfIp(params.id ?? '')) })",
    '({})',
    BLOCKS,
  ]),
  ...mutantsOf(
    'src/management/blocks/user-blocks.ts',
    [
      'a block is lifted in the log alone',
      'after: () => deps.attempts.forget([...ofAddress, ...ofAccounts]),',
      '',
      BLOCKS,
    ],
    [
      'an operator lifts no limit of the second factor',
      '[...subjectsOfAccount(id), ...subjectsOfFactors(id)]',
      'subjectsOfAccount(id)',
      BLOCKS,
    ],
    ['guesses at an operator without end', 'await checkAccounts(deps, call, userIds);', '', BLOCKS],
    [
      'guesses at an operator by an account with the same address',
      'users: [user, ...others], userId',
      'users: [user], userId',
      BLOCKS,
    ],
  ),
  ...mutantsOf('src/http/browser/devices.ts', [
    'the cookie of a known browser lives for ever',
    'return Number(fields.t) + DEVICE_SECONDS * 1000 > clock.now().getTime() ? fields : undefined;',
    'return fields;',
    'test/time/expiry.test.ts',
  ]),
  ...mutantsOf(
    'src/http/login/outcome.ts',
    [
      'a company makes browsers known by its word',
      "if (proof.kind === 'identity') return proof.ownProof !== undefined;",
      "if (proof.kind === 'identity') return true;",
      SCENARIO,
    ],
    [
      'a session makes a browser known',
      'proof.credential !== undefined || proof.passkey !== undefined;',
      'true;',
      SCENARIO,
    ],
  ),
  ...mutantsOf('src/http/login/mail-links/sign-up.ts', [
    "codes for a sign-up counted as a company's",
    "for: 'sign-up-mail',",
    "for: 'proof-mail',",
    SCENARIO,
  ]),
  ...mutantsOf(
    'src/actions/runner/runner.ts',
    [
      'one network holds what all of its applications have',
      '    part(`from ${block}`, 3),\n    { ...part(`from ${customer}`, 2), mostWaiting: WAITING_MANY },\n',
      '',
      POOL,
    ],
    [
      'one person holds what their organization has',
      '{ ...part(`${party.kind} ${party.name}`, 2), mostWaiting }',
      '{ ...part(`${party.kind} ${party.name}`, 16), mostWaiting }',
      PERSON,
    ],
    [
      'one person waits without end',
      "party.kind === 'person' ? WAITING_PERSON",
      "party.kind === 'person' ? 1e6",
      PERSON,
    ],
    ['one block holds what the application has', '    part(`from ${block}`, 3),\n', '', POOL],
    ['strangers hold what members have', 'part(`strangers of ${owner}`, 4)', 'part(owner, 4)', POOL],
    ['strangers hold all there is', "part('strangers', 8)", "part('strangers', 16)", POOL],
  ),
  ...mutantsOf(
    'src/storage/login-store/fold-parts.ts',
    ['a line for each silent sign-in', "is_young and (repeats ->> 'key'", "false and (repeats ->> 'key'", LOOP],
    ['sign-ins that differ have lines without end', "(repeats ->> 'lines')::integer >= ${MOST_LINES}", 'false', LOOP],
    [
      'a sign-in that differs has no line',
      "repeats ->> 'key' = :fold_key",
      "repeats ->> 'key' = coalesce(repeats ->> 'key', :fold_key)",
      LOOP,
    ],
    ['a count is never told', 'where not f.folds and ${COUNT} > 0', 'where not f.folds and ${COUNT} < 0', LOOP],
  ),
  ...mutantsOf('src/storage/housekeeping.ts', [
    'the last count of a session is never told',
    '    () => tellRepeats(pool, at),\n',
    '    async () => tellRepeats.name,\n',
    LOOP,
  ]),
  ...mutantsOf('src/http/login/mail-links/recovery.ts', [
    'one link brings passwords without end',
    "if (!tries.take(ticketHash.toString('base64')).isWithin)",
    "if (tries.take(ticketHash.toString('base64')).limit === 0)",
    LINK,
  ]),
  ...mutantsOf('src/login/plan-fold.ts', [
    'another browser is folded',
    'connectionId, ip, userAgent, trace.lines',
    'connectionId, ip, userAgent && undefined, trace.lines',
    LOOP,
  ]),
  ...mutantsOf('src/actions/runner/turns.ts', [
    'an organization gains turns by its people',
    'for (const { name } of shares) {\n      const place = this.#places.get(name);\n      if (place !== undefined) place.turn',
    'for (const { name } of shares.slice(-1)) {\n      const place = this.#places.get(name);\n      if (place !== undefined) place.turn',
    PERSON,
  ]),
  ...mutantsOf('src/actions/runner/pool.ts', [
    'work goes on without its sender',
    'if (!ticket.isWanted()) {',
    'if (false) {',
    PERSON,
  ]),
  ...mutantsOf('src/login/5-act.ts', [
    'the person of a login has no share of their own',
    'party: toParty(userId, attempt.ip), isWanted',
    'party: undefined, isWanted',
    ACT,
  ]),
  ...mutantsOf('src/login/tenant-code/refresh-actions.ts', [
    'the person of a refresh token has no share of their own',
    'const party = toParty(userId, refresh.ip);',
    'const party = undefined && toParty(userId, refresh.ip);',
    REFRESH,
  ]),
  ...mutantsOf('src/login/tenant-code/route-actions.ts', [
    'who has proved nothing is taken for a member',
    'strangerAt: attempt.ip, isWanted',
    'isWanted',
    SCENARIO,
  ]),
  ...mutantsOf(
    'src/login/log-allowance.ts',
    [
      'a line for every refusal',
      'if (usedUp === undefined) return this.deps.ledger.append',
      'if (usedUp !== "") return this.deps.ledger.append',
      ALLOWANCE,
      FLOOD,
    ],
    ['long lines count as short ones', ' || (this.#bytes.get(key) ?? 0) >= most * BYTES_PER_LINE', '', ALLOWANCE],
    [
      'sign-outs are left out',
      "if (!entry.type.startsWith('f')) return this.deps.ledger.append(entry);",
      '',
      ALLOWANCE,
    ],
    [
      'lines by single addresses',
      '...networksOf(ip).map(({ name, width }) => ({ name, most: lines * SHARES[width] })),',
      '{ name: ip, most: lines },',
      ALLOWANCE,
      FLOOD,
    ],
    [
      'strangers hide people who had proved who they are',
      'key: `${hasProof} ${counter.name}`',
      'key: counter.name',
      ALLOWANCE,
    ],
    ['a botnet fills the log', 'most: lines * EVERYBODY_SHARE', 'most: Infinity', ALLOWANCE],
    ['what is left out is not said', 'if (codes.size === 0) return;', 'if (codes.size >= 0) return;', ALLOWANCE, FLOOD],
    [
      'a line as long as whoever sends it likes',
      '${value.slice(0, MAX_TEXT_CHARACTERS)}…',
      '${value}',
      'test/login/log-allowance.test.ts',
    ],
  ),
  ...mutantsOf('src/login/record-refusal.ts', [
    'strangers counted as people with a proof',
    "return credential.kind !== 'none' && !/^(identify|authenticate)\\./.test(code);",
    'return true;',
    FLOOD,
  ]),
  ...mutantsOf('src/http/oauth/grant.ts', [
    'a wrong secret counted as a proof',
    'hasProof: isAuthenticated || userId !== undefined,',
    'hasProof: true,',
    FLOOD,
  ]),
  ...mutantsOf('src/http/oauth/client-authentication.ts', [
    'secrets guessed without a limit',
    'return passed === undefined ? refusal : tooManySecrets(passed, deps.clock.now());',
    'return passed === undefined ? refusal : refusal;',
    SECRETS,
  ]),
  ...mutantsOf(
    'src/http/oauth/secret-guesses.ts',
    [
      'the right secret is told apart from a wrong one beyond the limit',
      'if (!counted.allowed) return counted.passed;',
      'if (!counted.allowed) return fits ? undefined : counted.passed;',
      SECRETS,
    ],
    [
      'an application is shut out from elsewhere',
      'const isKnownNetwork = isFresh(key) || (await attempts.isRemembered(key, clock.now()));',
      'const isKnownNetwork = false;',
      SECRETS,
    ],
    [
      'every network is known',
      'const isKnownNetwork = isFresh(key) || (await attempts.isRemembered(key, clock.now()));',
      'const isKnownNetwork = true;',
      SECRETS,
    ],
    [
      'what is known of networks is forgotten with the node',
      'await attempts.remember(key, KNOWN_NETWORK_SECONDS, clock.now())',
      'await attempts.remember(key, 0, clock.now())',
      SECRETS,
    ],
    ['an application that was set up wrongly shuts itself out', 'if (isRepeated) return undefined;', '', SECRETS],
    ['a right secret takes no account of the guesses before it', 'if (fits && !isWatched) {', 'if (fits) {', SECRETS],
    ['own mistakes are not forgiven', 'await forgiveAttempts(attempts, counted);', '', SECRETS],
  ),
  ...mutantsOf('src/login/1-identify.ts', [
    'refused invitation names nobody',
    'trace.about({ organizationId: organization?.id, invitation, email: invitation?.inviteeEmail });',
    '',
    EVERY,
  ]),
  ...mutantsOf('src/login/2-authenticate.ts', [
    'refused password names nobody',
    'trace.about({ email, userId, connectionId: found?.credential.connectionId ?? connectionIds[0] });',
    '',
    EVERY,
  ]),
  ...mutantsOf('src/login/3-resolve.ts', [
    'refused account not named',
    'trace.about({ userId: answer.account.candidate.account.userId });',
    '{}',
    EVERY,
  ]),
  ...mutantsOf(
    'src/login/record-refusal.ts',
    [
      'an address that nobody has looks like a wrong password',
      "=== undefined ? 'fu' : 'fp'",
      "=== undefined ? 'fp' : 'fp'",
      EVERY,
    ],
    ['the address that was typed is forgotten', 'subject.email ?? parseEmail(attempt.typed)', 'subject.email', EVERY],
  ),
  ...mutantsOf('src/http/login/mail-links/ticket.ts', [
    'a link that is over names nobody',
    'newTrace(about)',
    'newTrace()',
    EVERY,
  ]),
  ...mutantsOf('src/http/oauth/grant-refresh-token.ts', [
    'refused refresh names nobody',
    'answer.about(subjectOf(grant))',
    'answer',
    'test/oauth/refused-tokens.test.ts',
  ]),
  ...mutantsOf('src/http/oauth/refusals.ts', [
    'a rule of the token endpoint under another step',
    '[TOKEN_CHECKS[check as TokenCheck],',
    "['identify',",
    'test/oauth/refused-tokens.test.ts',
  ]),
  ...mutantsOf('src/http/oauth/token.ts', [
    'an application that there is not is told apart',
    'return sendRefusal(request, reply, answer, reference);\n  }',
    'return sendRefusal(request, reply, answer);\n  }',
    SECRETS,
  ]),
];
