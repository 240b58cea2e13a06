/**
 * `POST …/discovery-domains/{id}/verify`, an addition to Auth0's Management API (its My Organization API has a similar
 * one): looks up the domain's TXT record now, and verifies the domain if it is found. Queries name servers before the
 * transaction, never in it. A missing record does not remove an earlier proof. Only the daily check does that, after
 * the proof has expired.
 */
import {
  findRecord,
  LONGEST_NAME,
  nextLook,
  proofEnd,
  type RecordFinding,
  verificationHost,
} from '../../domain/companies/domain-proof.js';
import type { DomainRecord } from '../../ports/directory/organizations.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, noDomain } from '../api/errors.js';
import { type Call, inTwoSteps, type Operation, type Reply, type Wire } from '../api/operation.js';
import { orConflict } from '../api/wire.js';
import { countQuestion } from '../self-service/question-limits.js';
import { checkIsNotPublic, DOMAIN_REPLY, ELSEWHERE, getDomain, makeWay, toDomainWire } from './domain.js';

async function look(deps: ManagementDeps, call: Call): Promise<RecordFinding> {
  const { organizationId, domain, verificationTxt } = await getDomain(call);
  // Whether another organization has proved the domain is checked only later, by `prove`. Attack: otherwise the holder
  // of a set-up ticket could learn, without any record, who else is a customer.
  checkIsNotPublic(domain);
  await countQuestion(deps.attempts, 'domain', { organizationId }, call.now);
  const host = verificationHost(organizationId, domain);
  if (host.length > LONGEST_NAME)
    throw badBody(
      `${host} is too long a name for DNS, so ${domain} cannot be proved by a record: set status to verified instead.`,
    );
  return findRecord(await deps.textRecords.find(host), verificationTxt);
}

/** Stores the proof. Its time is the start of the call: the record was found after that. */
async function prove(deps: ManagementDeps, call: Call, domain: DomainRecord): Promise<Wire> {
  const details = await makeWay(call, domain.organizationId, domain.domain);
  const share = deps.entropy.bytes(1).readUInt8() / 256;
  const state = { status: 'verified', by: 'dns', at: call.now } as const;
  await orConflict(
    ELSEWHERE,
    call.directory.organizations.updateDomain(domain.organizationId, domain.id, {
      state: { ...state, expiresAt: proofEnd(call.now), nextLookAt: nextLook(call.now, share) },
    }),
  );
  return details;
}

async function verify(deps: ManagementDeps, call: Call, finding: RecordFinding): Promise<Reply> {
  const before = await getDomain(call);
  const { organizations } = call.directory;
  const details = finding.kind === 'seen' ? await prove(deps, call, before) : {};
  if (finding.kind !== 'seen') await organizations.noteProblem(before.organizationId, before.id, finding.problem);
  const after = await organizations.findDomain(before.organizationId, before.id);
  if (after === undefined) throw noDomain();
  return { body: toDomainWire(after, call.now), log: { details: { ...details, record: finding } } };
}

/** Returns the operation that checks the DNS record of a domain now. */
export function verifyOperation(deps: ManagementDeps): Operation {
  return {
    method: 'post',
    path: '/organizations/{id}/discovery-domains/{discovery_domain_id}/verify',
    summary: 'Look for the TXT record of a discovery domain, and verify the domain if it is there',
    reply: DOMAIN_REPLY,
    refusals: [404, 409, 429],
    ...inTwoSteps(
      (call) => look(deps, call),
      (call, finding) => verify(deps, call, finding),
    ),
  };
}
