// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in the binding of a login to its browser: cookies, transactions, proofs, the return from the IdP. */
import { type Mutant, mutantsOf } from './mutant.js';

const VERSIONS = 'test/management/versions.test.ts';
const scenario = (name: string) => `test/scenarios/${name}.test.ts`;
const PROOF = scenario('07-account-elsewhere-invited');
const BAD = scenario('bad-input');
const SESSIONS = scenario('sessions');
const TIME = 'test/time/expiry.test.ts';
const ON_A_PAGE = scenario('refusals-on-a-page');
const NOT_PASSED_ON = scenario('invitation-not-passed-on');

const OFFERS = scenario('offers-that-lead-on');
const IS_THIS_YOU = scenario('is-this-you');
const SKIPPED = 'test/attacks/page-that-was-skipped.test.ts';
const OUTLIVES = 'test/attacks/token-that-outlives-its-client.test.ts';
const WEAK = 'test/attacks/weak-scope-made-strong.test.ts';
const THEME = 'test/pages/theme.test.ts';
const SCOPES = 'test/management/scopes.test.ts';

/** Faults in the look that a tenant gives to the pages. */
const LOOK: readonly Mutant[] = [
  ...mutantsOf(
    'src/http/pages/views/theme.ts',
    [
      'a theme may be unreadable',
      'readableOn(parseColorOn(color, under) ?? inkOn(under), under, ratio)',
      'parseColorOn(color, under) ?? inkOn(under)',
      THEME,
    ],
    [
      'a panel may be unreadable',
      'if (texts.every((text) => contrastRatio(text, mixed) >= TEXT)) return mixed;',
      'return mixed;',
      THEME,
    ],
    [
      'a size of a theme is shown as it is',
      'Math.round(Math.min(Math.max(value, least), most))',
      'Math.round(value)',
      THEME,
    ],
  ),
  ...mutantsOf('src/http/pages/views/styles.ts', [
    "the address of a theme's picture ends its quotes",
    'return url?.replace(/["\'()\\\\]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);',
    'return url;',
    THEME,
  ]),
  ...mutantsOf('src/http/pages/views/headers.ts', [
    'pictures come from any host',
    'sources.map((url) => new URL(url).origin)',
    "sources.map(() => 'https:')",
    'test/pages/headers.test.ts',
  ]),
  ...mutantsOf('src/management/branding/templates.ts', [
    'a template without its tags is kept',
    'if (!pattern.test(template)) throw',
    'if (false) throw',
    'test/management/branding.test.ts',
  ]),
];

/** Faults in who may do what at the Management API. */
const POWERS: readonly Mutant[] = [
  ...mutantsOf(
    'src/management/api/machine-caller.ts',
    [
      'a token goes on when its client or grant is gone',
      'return granted && { clientId, subject,',
      'return granted === undefined ? { clientId, subject, scopes } : { clientId, subject,',
      OUTLIVES,
    ],
    [
      'a token keeps what its grant has lost',
      'new Set(granted.filter((scope) => scopes.has(scope)))',
      'scopes',
      OUTLIVES,
    ],
    ['a token gains what its grant has gained', 'granted.filter((scope) => scopes.has(scope))', 'granted', OUTLIVES],
  ),
  ...mutantsOf(
    'src/management/api/plugin.ts',
    [
      'properties of a body take no scope of their own',
      'checkSentProperties(operation, caller.scopes, checked.body);',
      '',
      SCOPES,
      WEAK,
    ],
    [
      'properties of an answer take no scope of their own',
      'withoutCredentials(operation, scopes, toVisible(operation, scopes, item))',
      'withoutCredentials(operation, scopes, item)',
      SCOPES,
    ],
    [
      'fields that may not be seen are passed over',
      'checkAskedProperties(operation, caller.scopes, checked.query);',
      '',
      SCOPES,
    ],
  ),
  ...mutantsOf(
    'src/management/api/property-scopes.ts',
    [
      'a secret of a client takes no scope of its own',
      "{ properties: ['client_secret', 'signing_key'], scopes: ['update:client_keys'] },",
      '',
      SCOPES,
      WEAK,
    ],
    [
      'what deploys takes no scope of its own',
      "named: [{ properties: ['deploy'], scopes: ['create:actions'] }],",
      'named: [],',
      SCOPES,
      WEAK,
    ],
  ),
  ...mutantsOf(
    'src/management/api/stronger-clients.ts',
    [
      'stronger clients are taken over',
      'if (!stronger.has(clientId)) return;',
      'if (stronger !== undefined) return;',
      WEAK,
    ],
    [
      'scopes are given that the giver has not',
      'if (beyond.length === 0) return;',
      'if (beyond !== undefined) return;',
      WEAK,
    ],
    [
      'the Management API of a former address is none',
      'if (!server.isSystem) return;',
      'if (!server.isSystem || server.name === undefined) return;',
      WEAK,
    ],
  ),
  ...mutantsOf(
    'src/management/clients/clients.ts',
    ['secrets of stronger clients are shown', 'stronger.has(clientId) ? undefined : await', 'await', WEAK],
    [
      'a stronger client is put back into service',
      'if (body.client_secret !== undefined || opensAnotherWay(before, { ...before, ...changes }))',
      'if (body.client_secret !== undefined)',
      WEAK,
    ],
    [
      'the secret of a stronger client is set',
      'if (body.client_secret !== undefined || opensAnotherWay(before, { ...before, ...changes }))',
      'if (opensAnotherWay(before, { ...before, ...changes }))',
      WEAK,
    ],
    [
      'the secret of a stronger client is rotated',
      '  await checkNotStronger(deps, call, client.clientId);\n',
      '',
      WEAK,
    ],
    ['a client that is confidential again has another secret', 'if (!hasOne) await', 'await', WEAK],
  ),
  ...mutantsOf('src/http/oauth/userinfo.ts', [
    '/userinfo of an application that is gone',
    'findTokenUser({ userId, clientId, organizationId })',
    "findTokenUser({ userId, clientId: 'm2m', organizationId })",
    OUTLIVES,
  ]),
];

const CONNECTIONS = 'test/management/connections.test.ts';
const EXAMINE = 'test/connectors/oidc-examine.test.ts';
const ECHOES = 'test/management/echoes.test.ts';
const NO_SIGN_IN = scenario('connection-that-cannot-sign-in');
const DESTINATION = 'test/domain/idp-destination.test.ts';

/** Faults in how a connection is written: its strategy, its addresses, its secret. */
const WRITTEN: readonly Mutant[] = [
  ...mutantsOf(
    'src/management/connections/connection-wire.ts',
    [
      'the secret of a connection is shown to who may only read',
      "['read:connections_options', 'read:connections_keys'] as const",
      "['read:connections_options'] as const",
      ECHOES,
    ],
    [
      'a connection that was switched off goes on without a word',
      'body.authentication?.active === false',
      'body.authentication?.active === undefined && false',
      ECHOES,
    ],
  ),
  ...mutantsOf('src/management/clients/refresh-token.ts', [
    'tokens that are to end have no end',
    '(before !== undefined && before < LONGEST ? before : fallback)',
    '(before ?? fallback)',
    'test/management/settings.test.ts',
  ]),
  ...mutantsOf(
    'src/management/connections/connections.ts',
    [
      'the secret survives a change of address',
      'toSecretChanges(split, move.elsewhere)',
      'toSecretChanges(split, false)',
      CONNECTIONS,
      'test/attacks/secret-sent-elsewhere.test.ts',
    ],
    ['a lost secret is not spoken of', '? [SECRET_REMOVED] : []', '? [] : []', CONNECTIONS],
    [
      'a changed address is not checked',
      'if (!elsewhere && isPinned && ',
      'if (elsewhere && isPinned && ',
      CONNECTIONS,
    ],
    [
      'the keys survive a change of address',
      'move.elsewhere ? await endKeysElsewhere',
      'false ? await endKeysElsewhere',
      'test/attacks/secret-sent-elsewhere.test.ts',
    ],
  ),
  ...mutantsOf(
    'src/management/connections/connection-discovery.ts',
    [
      'another provider is stored',
      '  throw badBody(',
      "  if (check !== '') return { status: 'ok' };\n  throw badBody(",
      CONNECTIONS,
      NO_SIGN_IN,
    ],
    ['nobody there is refused', "if (reason !== 'invalid')", "if (reason === 'denied')", CONNECTIONS, NO_SIGN_IN],
    [
      'the check cannot be switched off',
      'if (call.query[CHECK_DISCOVERY] === false)',
      "if (call.query[CHECK_DISCOVERY] === 'no')",
      CONNECTIONS,
    ],
  ),
  ...mutantsOf(
    'src/management/api/versions.ts',
    [
      'two who write at once both find the version that they know',
      '  await directory.locks.lock(row, keysOf(row, read, call.params));\n',
      '',
      VERSIONS,
    ],
    ['a version that is another one', "?? '')) return;", "?? '') || true) return;", VERSIONS],
    [
      'a version of what has none is ignored',
      'if (read === undefined || row === undefined)\n    throw',
      'if (read === undefined || row === undefined) return;\n  if (false) throw',
      VERSIONS,
    ],
    [
      'a version is that of the part that is shown',
      'whole = body } = reply',
      'whole: _, body: whole } = reply',
      VERSIONS,
    ],
    [
      'a part of a list is taken for the whole',
      'page !== undefined && page.total !== page.items.length',
      'false',
      VERSIONS,
    ],
    [
      'a version tells what its reader may not see',
      'toVisible(read, caller.scopes, (item ?? {}) as Wire)',
      '(void toVisible, item as Wire)',
      VERSIONS,
    ],
  ),
  ...mutantsOf('src/storage/directory/connections.ts', [
    'applications of a connection change under somebody who compares',
    "      await db.updateTable('connections').set({ revision }).where('id', '=', id).execute();\n",
    '',
    VERSIONS,
  ]),
  ...mutantsOf(
    'src/storage/directory/row-locks.ts',
    ['the row of an API is not found by its identifier', 'where id = $1 or identifier = $1', 'where id = $1', VERSIONS],
    ['who makes the same thing at once waits for nobody', 'held.rows.length === 0', 'false', VERSIONS],
  ),
  ...mutantsOf('src/management/api/run-write.ts', [
    'the network is asked inside the transaction',
    'complete(write, answers), prepared));',
    'complete(write, answers), await write.operation.prepare?.({ ...write.call, directory })));',
    CONNECTIONS,
  ]),
  ...mutantsOf('src/management/connections/connection-options.ts', [
    'a strategy that nothing speaks is created',
    '  if (known !== undefined) return known;',
    "  if (known !== undefined || strategy !== '') return strategy as Strategy;",
    CONNECTIONS,
  ]),
  ...mutantsOf('src/management/enabled-connections/operations.ts', [
    'a strategy that nothing speaks is enabled',
    '  checkStrategy(deps, connection.strategy);\n',
    '',
    CONNECTIONS,
  ]),
  ...mutantsOf(
    'src/domain/companies/idp-destination.ts',
    [
      'a token endpoint in stored metadata leads nowhere',
      "tokenEndpoint: find('token_endpoint'),",
      "tokenEndpoint: findText(options, 'token_endpoint'),",
      DESTINATION,
      CONNECTIONS,
    ],
    [
      'the domain of okta is no address',
      "if (strategy === 'okta' && domain !== undefined)",
      'if (domain === undefined && issuer === undefined) return undefined;\n  if (false)',
      DESTINATION,
      CONNECTIONS,
    ],
  ),
  ...mutantsOf(
    'src/connectors/oidc/examine.ts',
    ['what is no address is asked all the same', 'if (!isAddress(discoveryUrl))', "if (discoveryUrl === '')", EXAMINE],
    ['a provider without a usable key is fine', 'return count > 0', 'return count >= 0', EXAMINE],
    ['a key for encryption counts', "if (jwk.use !== undefined && jwk.use !== 'sig') return false;", '', EXAMINE],
    [
      'a key of an algorithm that is not taken counts',
      'if (algorithm === undefined) return false;',
      'if (algorithm === undefined) return true;',
      EXAMINE,
    ],
  ),
];

const SETTINGS = 'test/management/settings.test.ts';
const ORGANIZATIONS = 'test/management/organizations.test.ts';

export const HTTP_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('src/management/api/without-effect.ts', [
    'a protection that is not there can be turned on',
    'if (wanted !== undefined) throw',
    'if (wanted === null) throw',
    SETTINGS,
  ]),
  ...mutantsOf(
    'src/http/oauth/token-quota.ts',
    [
      'a token beyond its quota is issued',
      'if (!outcome.within) return',
      'if (!outcome.within && buckets.length === 0) return',
      'test/oauth/token-quota.test.ts',
    ],
    [
      "a quota shuts the operator's own client out",
      'if (client.clientId === environmentClientId) return []',
      "if (client.clientId === '') return []",
      'test/management/environment-client.test.ts',
    ],
    [
      'an organization has no quota',
      '...(organization ? counted(',
      '...(organization === null ? counted(',
      'test/oauth/token-quota.test.ts',
    ],
  ),
  ...mutantsOf(
    'src/management/clients/environment-client.ts',
    [
      "the operator's own client deleted, or given another secret",
      'environmentClientId !== undefined && environmentClientId === clientId',
      "clientId === ''",
      'test/management/environment-client.test.ts',
    ],
    [
      "the operator's own client made unable to sign in",
      'if (!stays)',
      "if (after.clientId === '')",
      'test/management/environment-client.test.ts',
    ],
    [
      "the operator's own client without its scopes",
      'if (lost.length > 0) throw',
      'if (lost.length > 10_000) throw',
      'test/management/environment-client.test.ts',
    ],
  ),
  ...mutantsOf('src/http/metrics.ts', [
    "a login counted twice in Auth0's order of membership",
    'if (outcome.ok && plan.code !== undefined)',
    'if (outcome.ok)',
    'test/metrics.test.ts',
  ]),
  ...mutantsOf('src/storage/directory/rows.ts', [
    'a page that begins with the last row of the one before',
    "sql<string>`to_json(${order}) #>> '{}'`",
    "sql<string>`left(to_json(${order}) #>> '{}', 23) || 'Z'`",
    'test/management/checkpoints.test.ts',
  ]),
  ...WRITTEN,
  ...POWERS,
  ...LOOK,
  ...mutantsOf('src/http/oauth/userinfo.ts', [
    'a second token beside the first',
    'return places.length > 1 ?',
    'return places.length > 9 ?',
    'test/oauth/userinfo-revoke.test.ts',
  ]),
  ...mutantsOf('src/http/oauth/authorization-answer.ts', [
    'answers without their issuer',
    '...(address.withoutIss !== true && { iss: `${deps.origin}/` }),',
    '',
    scenario('14-malformed-requests'),
  ]),
  ...mutantsOf('src/http/server.ts', [
    'a token in the log',
    "reason: error.message.split('?', 1)[0]",
    'reason: error.message',
    'test/http-edges.test.ts',
  ]),
  ...mutantsOf(
    'src/login/own-proof.ts',
    [
      'any code fits',
      "secretsEqual(hashCode(pending.id, typed.replace(/[\\s-]/g, '')), pending.codeHash) &&",
      '',
      PROOF,
    ],
    [
      'old code fits',
      'pending.expiresAt > at.getTime()',
      'true',
      PROOF,
      scenario('09-unverified-twin'),
      BAD,
      'test/faults/browser-binding.test.ts',
    ],
    ['code guessed without a limit', 'limit: TRIES_PER_CODE };', 'limit: 1000 };', PROOF],
  ),
  ...mutantsOf(
    'src/http/login/proof/proof.ts',
    [
      'the offer of a password tells who has an account',
      "boolean => waiting.for === 'proof';",
      "boolean => waiting.for === 'proof' && waiting.pending.userId !== undefined;",
      PROOF,
      OFFERS,
    ],
    [
      'a password is offered where none is taken',
      "boolean => waiting.for === 'proof';",
      'boolean => true || !waiting;',
      OFFERS,
    ],
  ),
  ...mutantsOf(
    'src/http/browser/unfinished.ts',
    [
      'unfinished work of another form read',
      'if (plain === undefined || plain[0] !== FORM) return undefined;',
      'if (plain === undefined) return undefined;',
      'test/transaction-form.test.ts',
    ],
    [
      'unfinished work moved under another id',
      "`unfinished:${id}:${slots.join('.')}`",
      "`unfinished:${id.slice(0, 0)}:${slots.join('.')}`",
      'test/attacks/cookies-without-end.test.ts',
    ],
    [
      'unfinished work without an age',
      'startedAt + SECONDS[kind] * 1_000 <= clock.now().getTime()',
      'startedAt < 0',
      'test/transaction-form.test.ts',
      BAD,
    ],
  ),
  ...mutantsOf(
    'src/http/browser/session-cookie.ts',
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
    'src/login/address-question.ts',
    ['another person comes back without a word', 'if (told) return undefined;', 'return undefined;', IS_THIS_YOU],
    [
      'another address of the same account is asked about',
      'typed === cameBack || typed === own)',
      'typed === cameBack)',
      IS_THIS_YOU,
    ],
  ),
  ...mutantsOf('src/login/5-act.ts', [
    'who they are about to be is told twice',
    '{ ...kept, told: true, executions }',
    '{ ...kept, executions }',
    'test/scenarios/action-redirect.test.ts',
  ]),
  ...mutantsOf('src/login/kept.ts', [
    'nobody is told before an organization is chosen by itself',
    "    assertedEmail: proof.identity.email ?? '',\n",
    '',
    IS_THIS_YOU,
  ]),
  ...mutantsOf('src/login/3-resolve.ts', [
    'what waits is good for whatever identity the account has now',
    '(subject !== undefined && subject !== boundSubject)',
    'false',
    'test/attacks/proof-of-another-subject.test.ts',
  ]),
  ...mutantsOf('src/storage/login-store/candidates.ts', [
    'a subject that was expected of the former issuer',
    "(i.issuer = '' or rtrim(i.issuer, '/') = rtrim($2, '/'))",
    'true',
    'test/attacks/subject-of-the-former-issuer.test.ts',
  ]),
  ...mutantsOf('src/http/login/proof/callback.ts', [
    'answers that prove nobody without end',
    'if (takeBack === undefined) {',
    'if (takeBack === null) {',
    'test/attacks/answers-without-end.test.ts',
  ]),
  ...mutantsOf(
    'src/http/login/confirm.ts',
    [
      'whatever is posted is taken for a yes',
      "step.fields.action === 'default' ? continueAs(step) : show(step)",
      'continueAs(step)',
      SKIPPED,
    ],
    ['another account answers from the session at the company', ', anew: true };', ' };', IS_THIS_YOU],
  ),
  ...mutantsOf(
    'src/http/login/outcome.ts',
    ['session cookie not set', 'if (grant.sessionSecret !== undefined)', 'if (grant.sessionSecret === "")', SESSIONS],
    [
      'finished login left in the browser',
      'await deps.transactions.end(reply, transaction);\n      // The code is dropped',
      '// The code is dropped',
      SESSIONS,
      BAD,
      'test/faults/browser-binding.test.ts',
    ],
    [
      'refused login left in the browser',
      'if (shown === undefined || silent) {\n    await deps.transactions.end(reply, transaction);',
      'if (shown === undefined || silent) {',
      scenario('03-stranger'),
    ],
  ),
  ...mutantsOf(
    'src/http/login/refused.ts',
    [
      'a callback address that was removed still gets the answer of a refused login',
      'if (!client.callbacks.includes(redirectUri)) return',
      'if (!client.callbacks.includes(redirectUri) && redirectUri === "") return',
      ON_A_PAGE,
    ],
    [
      'a web origin that was removed still gets the message of a refused login',
      "if (responseMode !== 'web_message' || ",
      "if (responseMode === 'web_message' || ",
      ON_A_PAGE,
    ],
    ['the page of a refusal shows a text of the link', 'return quotesRequest ? undefined : ', 'return ', ON_A_PAGE],
  ),
  ...mutantsOf('src/http/oauth/logout.ts', [
    'the page of a refusal stays after a logout',
    'await deps.refused.forget(reply);',
    '',
    ON_A_PAGE,
  ]),
  ...mutantsOf('src/http/browser/refused-logins.ts', [
    'a refused login becomes a row',
    'inCookiesOnly: true,',
    '',
    ON_A_PAGE,
  ]),
  ...mutantsOf(
    'src/http/browser/unfinished.ts',
    [
      'the page of a refused login outlasts a login in another tab',
      'others: living.map(withRank)',
      'others: living',
      'test/properties/refused-logins.test.ts',
    ],
    [
      'the page of a refused login overwrites a login in another tab',
      'if (takesPlace(work, choice, living)) return false;',
      '',
      'test/properties/refused-logins.test.ts',
    ],
  ),
  ...mutantsOf(
    'src/http/login/open-invitation.ts',
    ['a link that was fetched ahead counts as opened', 'if (!isOpening(request) || ', 'if (', NOT_PASSED_ON],
    ['an expired invitation is remembered', ' || !isLive({ expiresAt, consumedAt }, now)', '', NOT_PASSED_ON],
    [
      'an invitation is offered in a login at another organization',
      'identified.organization.id !== organizationId',
      'false',
      NOT_PASSED_ON,
    ],
    [
      'a silent request counts',
      " || hasPrompt(asked, 'none') || !isOpening(request)) return;",
      ' || !isOpening(request)) return;',
      NOT_PASSED_ON,
    ],
    [
      'an invitation that was passed on is still offered',
      'if (opened?.ticket === asked.invitation && opened.clientId === asked.clientId) remembered.forget(reply);',
      '',
      NOT_PASSED_ON,
    ],
  ),
  ...mutantsOf('src/http/oauth/logout.ts', [
    'an opened invitation stays after a logout',
    'await deps.remembered.forget(reply);',
    '',
    NOT_PASSED_ON,
  ]),
  ...mutantsOf(
    'src/http/login/tell-here.ts',
    ['a silent request is answered by a page', "if (hasPrompt(asked, 'none')) return false;", '', ON_A_PAGE],
    ['a frame is answered by a page', "place === 'document'", 'true', ON_A_PAGE],
  ),
  ...mutantsOf(
    'src/http/login/proof/callback.ts',
    [
      'way back answered without the transaction',
      'deps.transactions.find(request, named);',
      'deps.transactions.find(request, named?.slice(1));',
      scenario('02-existing-member'),
    ],
    ['way back with a parameter twice', '  if (wrong) {', '  if (wrong && named === undefined) {', BAD],
  ),
  ...mutantsOf('src/http/form.ts', [
    'bytes that are no UTF-8 taken for text',
    '  } catch {\n    return undefined;',
    '  } catch {\n    return text;',
    BAD,
  ]),
  ...mutantsOf('src/connectors/oidc/secrets.ts', [
    'state that anybody can guess',
    'state: `${transactionId}.${newSecret(entropy)}`,',
    'state: `${transactionId}.state`,',
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
    // The statement that redeems the code checks this too, so only the name of the check shows the fault.
    'test/oauth/authorization-code.test.ts',
  ]),
  ...mutantsOf('src/tokens/issuer.ts', [
    'access token a moment too long',
    'claims.exp <= numericNow()',
    'claims.exp < numericNow()',
    TIME,
  ]),
  ...mutantsOf(
    'src/management/api/fields.ts',
    [
      'null is stored instead of the default',
      'given[field.name] ?? field.default',
      'given[field.name]',
      SETTINGS,
      ORGANIZATIONS,
    ],
    [
      'an addition is shown before it is used',
      'quiet && isDefault(given[key], fallback)',
      'quiet && given[key] === undefined',
      ORGANIZATIONS,
    ],
    [
      'a setting that is not named is set back',
      'given[name] !== undefined)\n      .map(([key, field])',
      'true)\n      .map(([key, field])',
      ORGANIZATIONS,
    ],
  ),
  ...mutantsOf('src/http/login/proof/by-session.ts', [
    'a session signs in where single sign-on is off',
    'if (identified.client.ssoDisabled) return undefined;',
    '',
    'test/scenarios/sessions.test.ts',
  ]),
];
