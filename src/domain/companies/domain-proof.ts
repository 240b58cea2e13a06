/**
 * Proof of a domain (docs/linking-rule.md, part 4): an organization publishes a TXT record that only the domain's owner
 * can publish, and the proof is valid for a week after the record was last found. Pure rules, no I/O. Must never treat
 * a name server that does not answer like one that denies the record. Must never accept a partial match of a text, a
 * name or a domain.
 */
import { addSeconds } from '../../kernel/clock.js';

/** How a domain was proved: its DNS record was found, or an operator of the tenant confirmed it. */
export type ProofKind = 'dns' | 'operator';

/** How and when a domain was proved, and when the proof expires. */
export interface DomainProof {
  readonly kind: ProofKind;
  readonly verifiedAt: Date | undefined;
  /** When the DNS record was last found; undefined if an operator confirmed the domain. */
  readonly checkedAt: Date | undefined;
  /** When the proof expires; undefined if it is valid until somebody revokes it. */
  readonly expiresAt: Date | undefined;
}

/**
 * The name servers' answer about TXT records. `texts`: one for each record, its pieces joined (RFC 7208 section 3.3).
 */
export type TextAnswer =
  | { readonly kind: 'texts'; readonly texts: readonly string[] }
  | { readonly kind: 'absent'; readonly reason: 'no_such_name' | 'no_text' }
  | { readonly kind: 'no_answer'; readonly reason: 'timeout' | 'server_failure' | 'too_much' };

/** Why a DNS record was not found, for the API and the log. */
export type CheckProblem = 'no_such_name' | 'no_text' | 'other_text' | 'too_much' | 'timeout' | 'server_failure';

/** `missing`: name servers say that the record does not exist. `unknown`: no name server answered. */
export type RecordFinding =
  | { readonly kind: 'seen' }
  | { readonly kind: 'missing' | 'unknown'; readonly problem: CheckProblem };

const DAY_SECONDS = 86_400;
/**
 * Lifetime of a proof: a week after its record was last found. Long enough for an administrator who is told on the
 * first day to fix it after a weekend and a holiday, and for an outage of name servers. Short enough that a sold domain
 * soon stops being its former owner's. ACME's authorizations are valid for at most thirty days, without a check in
 * between (RFC 8555 section 7.1.4).
 */
export const PROOF_HOLDS_SECONDS = 7 * DAY_SECONDS;
/** A found record is checked again after a day, give or take a tenth, so that checks spread over the day. */
const LOOK_AGAIN_SECONDS = DAY_SECONDS;
const SPREAD_SECONDS = DAY_SECONDS / 5;
/** After a failure the next check comes sooner: a missing record may come back, and a name server may answer again. */
const MISSING_AGAIN_SECONDS = 6 * 3_600;
const UNKNOWN_AGAIN_SECONDS = 3_600;
/**
 * Seconds before a proof's expiry from which silent name servers are reported. A missing record is reported at once.
 */
const TELL_OUTAGE_SECONDS = 3 * DAY_SECONDS;

/**
 * Returns the name of the organization's TXT record, as on Auth0. DNS ignores case, so the names of two organizations
 * may be equal: only the record's text tells them apart.
 */
export function verificationHost(organizationId: string, domain: string): string {
  return `_ss-verification.${organizationId}.${domain}`;
}

/**
 * Maximum number of characters of a domain name: a longer one does not fit into DNS's 255 octets (RFC 1035 section
 * 3.1).
 */
export const LONGEST_NAME = 253;

/**
 * Finds the organization's record in an answer. Compares whole texts. Attacks: a text that only contains the expected
 * one, and a wildcard record of the domain (RFC 4592), which answers for every name with the same text.
 */
export function findRecord(answer: TextAnswer, verificationText: string): RecordFinding {
  if (answer.kind === 'no_answer') return { kind: 'unknown', problem: answer.reason };
  if (answer.kind === 'absent') return { kind: 'missing', problem: answer.reason };
  return answer.texts.some((text) => text === verificationText)
    ? { kind: 'seen' }
    : { kind: 'missing', problem: 'other_text' };
}

/** Returns the expiry of a proof whose record was found at `at`. */
export function proofEnd(at: Date): Date {
  return addSeconds(at, PROOF_HOLDS_SECONDS);
}

/** Returns when to check a record again that was found at `at`. `share` is random, from 0 to 1. */
export function nextLook(at: Date, share: number): Date {
  return addSeconds(at, LOOK_AGAIN_SECONDS + SPREAD_SECONDS * (share - 0.5));
}

/**
 * `holds`: the record was found. `shaky`: it was not found, but the proof has not expired. `ended`: the proof has
 * expired.
 */
export type ProofVerdict =
  | { readonly kind: 'holds'; readonly expiresAt: Date; readonly nextLookAt: Date }
  | { readonly kind: 'shaky'; readonly problem: CheckProblem; readonly tell: boolean; readonly nextLookAt: Date }
  | { readonly kind: 'ended'; readonly problem: CheckProblem };

/**
 * Decides about a proof after a check at `at`. A found record renews the proof, even an expired one that no node had
 * checked in time. A missing record or an unanswered query does not end the proof early, since both may be repaired
 * soon, and does not extend it. Attack: the former owner of a sold domain keeps the proof, because its name servers do
 * not answer.
 */
export function judgeProof(
  finding: RecordFinding,
  proof: { readonly expiresAt: Date; readonly isTold: boolean },
  at: Date,
  share: number,
): ProofVerdict {
  if (finding.kind === 'seen') return { kind: 'holds', expiresAt: proofEnd(at), nextLookAt: nextLook(at, share) };
  const { problem } = finding;
  if (at >= proof.expiresAt) return { kind: 'ended', problem };
  const wait = finding.kind === 'missing' ? MISSING_AGAIN_SECONDS : UNKNOWN_AGAIN_SECONDS;
  const next = addSeconds(at, wait).getTime();
  const isDue = finding.kind === 'missing' || addSeconds(at, TELL_OUTAGE_SECONDS) >= proof.expiresAt;
  return {
    kind: 'shaky',
    problem,
    tell: isDue && !proof.isTold,
    nextLookAt: new Date(Math.min(next, proof.expiresAt.getTime())),
  };
}

/** True while the proof of a verified domain has not expired. */
export function isFresh(expiresAt: Date | undefined, at: Date): boolean {
  return expiresAt === undefined || at < expiresAt;
}

/** Returns how and when a domain was proved, as evidence for the login's trace. */
export function proofEvidence(proof: DomainProof | undefined): Readonly<Record<string, unknown>> {
  if (proof === undefined) return {};
  const { kind, verifiedAt, checkedAt, expiresAt } = proof;
  const times = { verified_at: verifiedAt, checked_at: checkedAt, expires_at: expiresAt };
  const known = Object.entries(times).filter((entry): entry is [string, Date] => entry[1] !== undefined);
  return { domain_proof: { proof: kind, ...Object.fromEntries(known.map(([name, at]) => [name, at.toISOString()])) } };
}

/** Returns one sentence for people: what was found instead of the record, and what to do. */
export function describeProblem(problem: CheckProblem, host: string): string {
  switch (problem) {
    case 'no_such_name':
      return `Name servers say that ${host} does not exist. Publish a TXT record with this name; some DNS hosts append the domain themselves.`;
    case 'no_text':
      return `${host} exists but has no TXT record. Publish one whose whole value is the one of this domain.`;
    case 'other_text':
      return `${host} has TXT records, but none whose whole value is the one of this domain. Compare it letter by letter, without quotes and spaces.`;
    case 'too_much':
      return `${host} has more TXT records than anybody would read. Remove those that do not belong there.`;
    case 'timeout':
      return `No name server answered for ${host} in time. Try again later; if it stays so, look at the name servers of the domain.`;
    case 'server_failure':
      return `The name servers could not answer for ${host}. Look at the delegation and DNSSEC of the domain, then try again.`;
  }
}
