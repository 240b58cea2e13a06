/**
 * Corrects the evidence of the linking rules for people who read it. If no rule looked a fact up, the evidence says
 * that, instead of "no". Changes no answer of a rule and decides nothing.
 */
import type { ExternalIdentity } from '../domain/people/account.js';
import { NOT_LOOKED_UP, type UnaskedReason } from '../facts/unasked.js';
import type { TraceLine } from '../ports/ledger.js';
import type { Trace } from './trace.js';

type Evidence = TraceLine['evidence'];

/** Returns why no member was looked up by the address; undefined if one was. */
function findReason(lines: readonly TraceLine[]): UnaskedReason | undefined {
  if (lines.some(({ rule, answer }) => rule === 'address_strict' && answer === 'refuse')) return 'no_address';
  const vouched = lines.find(({ rule }) => rule === 'address_vouched');
  if (vouched?.answer !== 'refuse') return undefined;
  return vouched.evidence.domain_proved_elsewhere === true ? 'domain_proved_elsewhere' : 'address_not_vouched';
}

/** True when a rule met a member with the address, and did not link them. */
function metMember(lines: readonly TraceLine[]): boolean {
  return lines.some(
    ({ rule, answer }) => answer === 'refuse' && (rule === 'linking_allowed' || rule === 'one_candidate'),
  );
}

/** True when the identity provider's answer says anything about the address: OpenID Connect's claim, or Entra ID's. */
function saysVerified({ emailVerified, claims }: ExternalIdentity): boolean {
  return emailVerified || claims.email_verified !== undefined || claims.xms_edov !== undefined;
}

function correct(rule: string, evidence: Evidence, lines: readonly TraceLine[], identity: ExternalIdentity): Evidence {
  if (rule === 'address_vouched' && !saysVerified(identity)) return { ...evidence, idp_email_verified: 'not_said' };
  if (rule !== 'belongs_here' || evidence.member_with_this_address !== false) return evidence;
  const because = findReason(lines);
  if (because !== undefined) return { member_with_this_address: NOT_LOOKED_UP, because };
  return metMember(lines) ? { member_with_this_address: true } : evidence;
}

/** Wraps the trace that the linking rules of one identity write to. */
export function withUnaskedFacts(trace: Trace, identity: ExternalIdentity): Trace {
  return {
    get lines() {
      return trace.lines;
    },
    get subject() {
      return trace.subject;
    },
    add(stage, rule, answer, evidence = {}) {
      trace.add(stage, rule, answer, correct(rule, evidence, trace.lines, identity));
    },
    about(facts) {
      trace.about(facts);
    },
  };
}
