/**
 * Checks the records of domains proved by DNS again (ADR 0051): each once a day, spread over the day, by any free node.
 * Warns the tenant of a missing record while there is time to fix it, and revokes the proof when its time is over.
 * Queries name servers without an open transaction. Never changes a domain that an operator vouched for. Proofs expire
 * without it too: the login's own reads compare their expiry.
 */
import {
  type CheckProblem,
  describeProblem,
  findRecord,
  judgeProof,
  type ProofVerdict,
  verificationHost,
} from '../../domain/companies/domain-proof.js';
import { type Email, parseEmail } from '../../domain/people/email.js';
import { type Entropy, newLogId } from '../../kernel/ids.js';
import type { Directory, DirectoryStore } from '../../ports/directory.js';
import type { LogEntry } from '../../ports/ledger.js';
import type { OutgoingMail } from '../../ports/mailer.js';
import type { TextRecords } from '../../ports/text-records.js';
import { type Claimed, createRowWorker, ENDED, type RowWorker, type WorkEnd, type WorkerParts } from './worker.js';

export interface DomainWatchOptions extends WorkerParts {
  readonly directory: DirectoryStore;
  readonly textRecords: TextRecords;
  /** Called when mail is queued, to wake the worker that sends it. */
  readonly onMailQueued: () => void;
  readonly entropy: Entropy;
}

/** Longer than a check may take. After a crash another node gets the domain. */
const LEASE_SECONDS = 60;
const POLL_MS = 60_000;
/** Few enough that name servers do not mistake them for an attack. */
const AT_ONCE = 8;

interface DomainRow extends Claimed {
  readonly organization_id: string;
  readonly domain: string;
  readonly verification_txt: string;
  readonly expires_at: Date;
  readonly told_at: Date | null;
}

interface Tidings {
  readonly type: 'domain_proof_shaky' | 'domain_proof_ended' | 'domain_proof_renewed';
  readonly problem?: CheckProblem;
  readonly expiresAt?: Date;
}

/** Returns the news for administrators, or undefined when the check found nothing new. */
function findTidings(verdict: ProofVerdict, row: DomainRow): Tidings | undefined {
  if (verdict.kind === 'ended') return { type: 'domain_proof_ended', problem: verdict.problem };
  if (verdict.kind === 'holds')
    return row.told_at === null ? undefined : { type: 'domain_proof_renewed', expiresAt: verdict.expiresAt };
  return verdict.tell ? { type: 'domain_proof_shaky', problem: verdict.problem, expiresAt: row.expires_at } : undefined;
}

function toLogEntry({ type, problem, expiresAt }: Tidings, row: DomainRow, at: Date, entropy: Entropy): LogEntry {
  const host = verificationHost(row.organization_id, row.domain);
  return {
    logId: newLogId(entropy, at),
    date: at,
    type,
    description: problem === undefined ? `The record of ${row.domain} is there again.` : describeProblem(problem, host),
    organizationId: row.organization_id,
    details: {
      domain: row.domain,
      discovery_domain_id: row.id,
      verification_host: host,
      ...(problem !== undefined && { check: problem }),
      ...(expiresAt !== undefined && { expires_at: expiresAt.toISOString() }),
    },
  };
}

async function toMail(
  { type, problem, expiresAt }: Tidings,
  row: DomainRow,
  db: Directory,
  at: Date,
): Promise<OutgoingMail | undefined> {
  if (problem === undefined || type === 'domain_proof_renewed') return undefined;
  const { friendlyName, extra } = await db.tenant.getSettings();
  // `support_email` is the tenant's only address for such news: organizations name no administrators.
  const to: Email | undefined = parseEmail(extra.support_email);
  const organization = await db.organizations.find(row.organization_id);
  if (to === undefined || organization === undefined) return undefined;
  const host = verificationHost(row.organization_id, row.domain);
  const model = {
    brand: { title: friendlyName },
    domain: row.domain,
    organizationTitle: organization.displayName ?? organization.name,
    organizationId: organization.id,
    problem: describeProblem(problem, host),
    host,
    text: row.verification_txt,
    ...(expiresAt !== undefined && { endsAt: expiresAt.toISOString() }),
  };
  return { id: `${type}:${row.id}:${at.getTime()}`, to, template: type, model };
}

/** Stores the verdict, the log line and the mail about it in one transaction. */
async function settle(options: DomainWatchOptions, row: DomainRow, verdict: ProofVerdict, at: Date): Promise<WorkEnd> {
  const { directory, entropy, onMailQueued } = options;
  const lease = { organizationId: row.organization_id, id: row.id, attempts: row.attempts };
  const tidings = findTidings(verdict, row);
  const outcome = await directory.transaction(async (db) => {
    // A check that began before somebody changed the domain must not undo that change.
    if (!(await db.organizations.settleLook(lease, verdict, at))) return 'lost';
    if (tidings === undefined) return 'settled';
    await db.ledger.append(toLogEntry(tidings, row, at, entropy));
    const mail = await toMail(tidings, row, db, at);
    if (mail === undefined) return 'settled';
    await db.outbox.enqueue(mail, at);
    return 'mailed';
  });
  if (outcome === 'mailed') onMailQueued();
  return outcome === 'lost' ? { kind: 'lost' } : ENDED;
}

async function lookAt(options: DomainWatchOptions, row: DomainRow): Promise<WorkEnd> {
  const { textRecords, clock, entropy } = options;
  // Read before the query, so that the new expiry is not counted from a moment after the record was seen.
  const at = clock.now();
  const answer = await textRecords.find(verificationHost(row.organization_id, row.domain));
  const finding = findRecord(answer, row.verification_txt);
  const share = entropy.bytes(1).readUInt8() / 256;
  const proof = { expiresAt: row.expires_at, isTold: row.told_at !== null };
  return settle(options, row, judgeProof(finding, proof, at, share), at);
}

/** Creates the worker that checks domains. The caller of `start` must call `stop`. */
export function createDomainWatch(options: DomainWatchOptions): RowWorker {
  return createRowWorker<DomainRow>(
    {
      table: 'discovery_domains',
      waiting: "status = 'verified' and proof = 'dns'",
      columns: ['organization_id', 'domain', 'verification_txt', 'expires_at', 'told_at'],
      atOnce: AT_ONCE,
      leaseSeconds: LEASE_SECONDS,
      pollMs: POLL_MS,
      run: (row) => lookAt(options, row),
      trouble: 'the records of domains cannot be looked after now',
    },
    options,
  );
}
