// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/**
 * Faults in proofs of domains: which record counts, how long and for whom a proof counts, and what name servers can
 * cause.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const RULES = 'test/domain/domain-proof.test.ts';
const TEXTS = 'test/connectors/text-records.test.ts';
const API = 'test/management/discovery-domains.test.ts';
const WATCH = 'test/storage/watch-domains.test.ts';
const STORE = 'test/storage/login-store.test.ts';
const SOLD = 'test/attacks/domain-that-changed-hands.test.ts';

const PUBLIC = 'test/domain/public-mail.test.ts';

export const DOMAIN_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/domain/companies/public-mail.ts',
    ['public domain: a name below a provider', 'withParents(domain).some', '[domain].some', PUBLIC],
    [
      'public domain: a provider in another country',
      'domainWithoutSuffix && EVERYWHERE',
      'false && EVERYWHERE',
      PUBLIC,
    ],
    ['public domain: a suffix that the public uses', '(isIcann || isPrivate)', 'isIcann', PUBLIC],
  ),
  ...mutantsOf('src/management/connections/connections.ts', [
    'public domain: added to a connection that exists',
    'if (split) checkAliases(split, before.domainAliases);',
    '',
    'test/management/connections.test.ts',
  ]),
  ...mutantsOf(
    'src/domain/companies/domain-proof.ts',
    ['domain proof: part of a text is enough', 'text === verificationText', 'text.includes(verificationText)', RULES],
    ['domain proof: any text is enough', 'text === verificationText', "text !== ''", RULES, API],
    ['domain proof: one name for all organizations', '${organizationId}.${domain}', '${domain}', RULES],
    ['domain proof: a proof outlives its end', 'at >= proof.expiresAt', 'false', RULES, WATCH],
    ['domain proof: a moment longer', 'at < expiresAt;', 'at <= expiresAt;', RULES],
    [
      'domain proof: a missing record is told late',
      "finding.kind === 'missing' || addSeconds",
      'addSeconds',
      RULES,
      WATCH,
    ],
    ['domain proof: told again and again', 'isDue && !proof.isTold', 'isDue', RULES, WATCH],
    [
      'domain proof: an outage counts as a missing record',
      "return { kind: 'unknown', problem: answer.reason };",
      "return { kind: 'missing', problem: answer.reason };",
      RULES,
    ],
  ),
  ...mutantsOf(
    'src/storage/login-store/domain-proved.ts',
    [
      'domain proof: its end counts only when a node has looked',
      ' and (${domain}.expires_at is null or ${domain}.expires_at > ${now})',
      '',
      STORE,
      SOLD,
    ],
    ['domain proof: a pending domain counts', "${domain}.status = 'verified' and ", '', STORE],
  ),
  ...mutantsOf('src/storage/login-store/index.ts', [
    'domain proof: the commit takes the time of the request',
    'applyCommit(pool, box, plan, clock.now())',
    'applyCommit(pool, box, plan, plan.at)',
    STORE,
  ]),
  ...mutantsOf('src/storage/login-store/target.ts', [
    'domain proof: another organization’s ended proof keeps its home realm',
    "d.domain = $1 and ${domainProved('d', '$3')}",
    "d.domain = $1 and d.status = 'verified' and $3::timestamptz is not null",
    STORE,
  ]),
  ...mutantsOf(
    'src/connectors/dns/message.ts',
    [
      'domain proof: a record counts under any name',
      'const found = texts.get(current);',
      'const found = texts.get(current) ?? [...texts.values()][0];',
      TEXTS,
    ],
    ['domain proof: an answer to another question', 'if (!isAnswerTo(message, question))', 'if (false)', TEXTS],
    ['domain proof: any id will do', ' || message.readUInt16BE(0) !== question.readUInt16BE(0)', '', TEXTS],
    ['domain proof: records without number', 'texts.length > MOST_TEXTS', 'false', TEXTS],
    ['domain proof: messages of any size over UDP', 'if (message.length > MOST_BYTES)', 'if (false)', TEXTS],
    [
      'domain proof: pieces of a text may reach beyond their record',
      "if (at + 1 + length > data.length) throw new RangeError('a piece of text is longer than its record');",
      '',
      TEXTS,
    ],
  ),
  ...mutantsOf(
    'src/connectors/dns/text-records.ts',
    ['domain proof: 64 kB are read', 'if (length > MOST_BYTES)', 'if (false)', TEXTS],
    ['domain proof: no end to all questions', 'if (left <= 0)', 'if (false)', TEXTS],
    [
      'domain proof: a failing server is believed',
      "if (outcome.kind !== 'texts') return undefined;",
      "if (outcome.kind !== 'texts') return { kind: 'absent', reason: 'no_text' };",
      TEXTS,
    ],
    ['domain proof: any number of servers', '.slice(0, MOST_SERVERS)', '', TEXTS],
  ),
  ...mutantsOf(
    'src/management/discovery-domains/verify.ts',
    ['domain proof: a public mail domain is asked for', '  checkIsNotPublic(domain);\n', '', API],
    [
      'domain proof: who else is a customer is told before the record is there',
      '  checkIsNotPublic(domain);\n',
      '  checkIsNotPublic(domain);\n  if (await call.directory.organizations.isProvedElsewhere(organizationId, domain, call.now)) throw badBody(ELSEWHERE);\n',
      API,
    ],
    [
      'domain proof: verified whatever was found',
      "finding.kind === 'seen' ? await prove(deps, call, before) : {}",
      'await prove(deps, call, before)',
      API,
    ],
  ),
  ...mutantsOf(
    'src/management/discovery-domains/domain.ts',
    ['domain proof: an ended proof is shown as one', '&& isFresh(domain.proof.expiresAt, now)', '', API, SOLD],
    [
      'domain proof: an ended proof keeps others out',
      'endStaleProofs(organizationId, domain, call.now)',
      'endStaleProofs(organizationId, domain, new Date(0))',
      API,
      SOLD,
    ],
  ),
  ...mutantsOf('src/management/discovery-domains/discovery-domains.ts', [
    'domain proof: a repeated status makes it an operator’s word',
    'return counts ? undefined : {',
    'return {',
    API,
  ]),
  ...mutantsOf(
    'src/storage/directory/organizations/domains.ts',
    [
      'domain proof: logins under way keep a proof that a node ended',
      "if (verdict.kind === 'ended') await renewEnablements(db, lease);",
      '',
      WATCH,
    ],
    [
      'domain proof: logins under way keep a proof that gave way',
      'await renewEnablements(db, { organizationId: organization_id, id });',
      '',
      API,
    ],
    ['domain proof: a late answer undoes a change', '          attempts: lease.attempts,\n', '', WATCH],
    ['domain proof: a change keeps the leases of looks', '  attempts: sql<number>`attempts + 1`,\n', '', WATCH],
  ),
  ...mutantsOf('src/storage/jobs/watch-domains.ts', [
    'domain proof: an operator’s word is looked after too',
    "\"status = 'verified' and proof = 'dns'\"",
    '"status = \'verified\'"',
    WATCH,
  ]),
];
