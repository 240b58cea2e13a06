// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/**
 * Faults in the rules between memberships, sessions and links: what counts as a use, as vouched for, as a fresh proof,
 * as the person's own connection.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const ADMIT = 'test/login/admit.test.ts';
const ALONE = 'test/login/without-organization.test.ts';
const STALE = 'test/login/stale-proofs.test.ts';
const VOUCHED = 'test/login/who-vouched.test.ts';
const MOVED = 'test/login/moved-seats.test.ts';
const STORE = 'test/storage/login-store.test.ts';
const REFRESH = 'test/oauth/refresh-token.test.ts';
const attack = (name: string) => `test/attacks/${name}.test.ts`;
const scenario = (name: string) => `test/scenarios/${name}.test.ts`;
const STATEMENT = 'src/storage/login-store/commit-parts.ts';

export const TRUST_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/login/plan.ts',
    [
      'membership used by a session',
      "? proof.by === 'password' || proof.by === 'passkey' ||",
      "? proof.by !== 'known' ||",
      STALE,
    ],
    [
      'membership used by a choice at the picker',
      "? proof.by === 'password' || proof.by === 'passkey' ||",
      "? proof.by !== 'session' ||",
      STALE,
    ],
    [
      'membership used by an identity alone',
      "proof.kind === 'identity' && proof.ownProof?.userId === userId;",
      "proof.kind === 'identity';",
      STALE,
    ],
    [
      'membership used at the earlier commit point',
      '    usesMembership: false,',
      '    usesMembership: true,',
      scenario('10-auth0s-order'),
    ],
    [
      'membership used on the way back from an Action',
      'organization === undefined || came !== undefined',
      'organization === undefined',
      STALE,
    ],
    [
      "membership used by an account that the organization's IdP brought",
      'return Boolean(shown) && !broughtHere;',
      'return Boolean(shown);',
      STALE,
    ],
  ),
  ...mutantsOf('src/login/kept.ts', [
    'membership used by a password before the picker, once a factor was asked for',
    "return picker === undefined && (by === 'password' || by === 'passkey');",
    "return by === 'password' || by === 'passkey';",
    'test/login/kept.test.ts',
  ]),
  ...mutantsOf('src/login/plan-binding.ts', [
    'voucher of one address given to another',
    'parseEmail(claims.email) === vouchedEmail ?',
    'true ?',
    VOUCHED,
  ]),
  ...mutantsOf(
    'src/login/4-admit.ts',
    [
      'a linked account entered without an organization',
      'account.candidate.mainConnectionId === connection.id',
      'account.candidate.boundSubject !== undefined',
      ALONE,
    ],
    ["an organization's connection used without one", '(brought && !servesOrganizations)', 'brought', ALONE],
    [
      'auto-membership by a session',
      "return proof.by === 'session' || (proof.by === 'known'",
      "return proof.by === 'nobody' || (proof.by === 'known'",
      STALE,
    ],
    [
      'auto-membership by what waited at the picker',
      "(proof.by === 'known' && isEnterprise(enablement.connection.strategy))",
      'false',
      STALE,
    ],
    [
      'condition decided on claims that were cut',
      'proof.identity.claimsCut !== undefined &&',
      'false &&',
      STALE,
      ADMIT,
    ],
  ),
  ...mutantsOf(
    'src/login/linking-rules.ts',
    [
      "an IdP's word remembered as the organization's",
      "return vouching.byIdp ? 'idp' : undefined;",
      "return vouching.byIdp ? 'operator' : undefined;",
      VOUCHED,
    ],
    [
      'a password taken for a mailed code',
      "&& ground.ownProof?.by === 'code') return 'mail'",
      "&& ground.ownProof) return 'mail'",
      'test/properties/login.test.ts',
      VOUCHED,
    ],
    [
      'asserted address proves something later',
      'account.candidate.addressProved ? account.candidate.account.email',
      'account.candidate.account.emailVerified ? account.candidate.account.email',
      VOUCHED,
    ],
    [
      'same subject of another issuer is a newcomer',
      'if (formerIssuer !== undefined && isFormer(',
      'if (formerIssuer === "" && isFormer(',
      VOUCHED,
    ],
    [
      'the old account of a moved seat is a newcomer',
      'if (movedFrom !== undefined) return',
      'if (movedFrom === "") return',
      MOVED,
    ],
    [
      'the old account takes the moved seat by its address',
      "movedFrom === undefined || candidates.expected?.by === 'subject'",
      "movedFrom === undefined || candidates.expected?.by !== ''",
      MOVED,
    ],
    [
      'a moved seat goes to the first with its address',
      'if (member.awaitedSubject !== undefined) {',
      'if (member.awaitedSubject === "") {',
      MOVED,
    ],
    [
      'the account of an invited person bound beside the subject that is expected for it',
      '      item.awaitedSubject === undefined,\n',
      '      item.awaitedSubject !== "",\n',
      MOVED,
    ],
    [
      'a seat that waits for a subject of the former issuer taken for one of today',
      'if (awaitedOfIssuer !== undefined && isFormer',
      'if (awaitedOfIssuer === "" && isFormer',
      MOVED,
    ],
    [
      'member of a former issuer passed over',
      'member.boundSubject !== undefined && boundIssuer !== ground.identity.issuer',
      'member.boundSubject === ""',
      VOUCHED,
    ],
  ),
  ...mutantsOf('src/login/moved-seats.ts', [
    "a subject that is a command stands in the operator's shell",
    'word.replaceAll("\'", "\'\\\\\'\'")',
    'word',
    MOVED,
  ]),
  ...mutantsOf(
    'src/management/users/second-seat.ts',
    [
      'a second account is passed over',
      'if (holder === undefined) return;',
      'if (holder !== "") return;',
      scenario('recreated-account'),
    ],
    [
      'an account of other organizations is taken in',
      'return elsewhere.length === 0 ?',
      'return elsewhere.length >= 0 ?',
      scenario('recreated-account'),
    ],
  ),
  ...mutantsOf('src/login/3-resolve.ts', [
    'asserted address accepts an invitation by the old password',
    'provedEmail: addressProved ? account.email : undefined',
    'provedEmail: account.emailVerified ? account.email : undefined',
    attack('address-that-an-idp-asserted'),
  ]),
  ...mutantsOf('src/login/decide.ts', [
    'an Action admits by a session',
    "if (asksAction && needsFreshProof(resolved)) return refuseStaleProof(resolved, trace, 'action');",
    '',
    scenario('action-admission'),
  ]),
  ...mutantsOf('src/login/1-identify.ts', [
    'an address that was taken from the client gets the answer',
    'if (client.callbacks.includes(request.redirectUri)) return undefined;',
    'if (client) return undefined;',
    attack('settings-that-changed-at-the-picker'),
  ]),
  ...mutantsOf('src/login/2-authenticate.ts', [
    'picker forgets the fingerprint',
    "'fingerprint' in attempt.credential ?",
    "'fingerprint' in attempt.credential && attempt.picker === undefined ?",
    attack('settings-that-changed-at-the-picker'),
  ]),
  ...mutantsOf('src/login/home-realm.ts', [
    'company required of every domain',
    "item.ssoRollout === 'required' &&\n      item.connection.domainAliases.includes(domain) &&",
    "item.ssoRollout === 'required' &&",
    ADMIT,
    scenario('08-password-while-rolling-out'),
  ]),
  ...mutantsOf('src/login/home-realm.ts', [
    'an invitation leads to a password that will be refused',
    "return isEnterprise(named.connection.strategy) ? named : 'none';",
    'return undefined;',
    scenario('08-password-while-rolling-out'),
  ]),
  ...mutantsOf(
    'src/http/oauth/still-valid.ts',
    ['refresh without the organization', 'if (!grant.mayLackOrganization)', 'if (grant.user.userId === "")', REFRESH],
    [
      'refresh by a password where the company is required',
      'if (grant.ssoRequired)',
      'if (grant.user.userId === "")',
      REFRESH,
    ],
  ),
  ...mutantsOf('src/management/users/tickets.ts', [
    'a ticket of the API verifies unasked',
    "body.mark_email_as_verified === true ? ('operator' as const) : undefined",
    "'operator' as const",
    scenario('tickets'),
  ]),
  ...mutantsOf('src/management/users/user-separate.ts', [
    'an unlinked identity believes itself',
    'emailVouchedBy: identity.emailVouchedBy,',
    "emailVouchedBy: identity.profile.email_verified === true ? 'idp' : undefined,",
    attack('address-that-an-idp-asserted'),
  ]),
  ...mutantsOf('src/management/connections/connection-former-identities.ts', [
    'who is who said by who may change users alone',
    "if (!call.caller.scopes.has('update:connections'))",
    "if (call.caller.scopes.has('nothing'))",
    scenario('issuer-changed'),
  ]),
  ...mutantsOf(
    'src/storage/login-store/address-proved.ts',
    ["an organization's word counts after its domain is gone", "where ${domainProved('d', now)} and ", 'where ', STORE],
    [
      "an IdP's word counts for good",
      "in ('mail', 'operator')",
      "in ('mail', 'operator', 'idp')",
      attack('address-that-an-idp-asserted'),
    ],
  ),
  ...mutantsOf('src/storage/user-id-prefixes.ts', [
    'ids of one connection given to the people of another',
    'where p.connection_id = ${connection} and p.issuer = ${prefixIssuer(issuer)})',
    'where p.connection_id = ${connection} limit 1)',
    scenario('issuer-changed'),
  ]),
  ...mutantsOf(
    STATEMENT,
    [
      'the address of the answer not looked at again',
      "'not exists (select 1 from clients where client_id = :client and :redirect_uri = any (callbacks))'",
      "'false and :redirect_uri is null'",
      STORE,
    ],
    [
      'an organization that enabled the connection meanwhile not seen',
      'or exists (select 1 from organization_connections where connection_id = :connection and is_enabled)',
      '',
      STORE,
    ],
    [
      "an IdP's word replaces a mailed code",
      "not exists (select 1 from followed) or email_vouched_by in ('mail', 'operator') then",
      'not exists (select 1 from followed) then',
      STORE,
    ],
  ),
  ...mutantsOf('src/storage/login-store/candidates.ts', [
    'only moved seats wait for their subject',
    "and e.status = 'expected' and e.subject is not null",
    "and e.status = 'expected' and e.subject is null",
    'test/scenarios/recreated-account.test.ts',
  ]),
];
