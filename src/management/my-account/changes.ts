/**
 * Changes that people make to their own factors, for the page of the account and the My Account API alike. Each checks
 * the session again under the lock of the account, and mails the owner. A new factor is stored with its first answer;
 * until then its secret is in a sealed text that the browser or the application keeps.
 */
import {
  hashRecoveryCode,
  MOST_OF_A_KIND,
  methodOf,
  newFactorId,
  newRecoveryCode,
} from '../../domain/factors/new-factor.js';
import { brandOf } from '../../domain/look/brand.js';
import type { Email } from '../../domain/people/email.js';
import type { Clock } from '../../kernel/clock.js';
import { newSecret } from '../../kernel/ids.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { AttemptCounters } from '../../ports/attempts.js';
import type { PasswordConnector } from '../../ports/connector.js';
import type { AddedFactor, FactorRecord } from '../../ports/directory/factors.js';
import type { Directory, DirectoryStore } from '../../ports/directory.js';
import type { FactorChecks, WebAuthnOptions } from '../../ports/factor-checks.js';
import type { LoginReads } from '../../ports/login-store.js';
import { ManagementError } from '../api/errors.js';
import { changeFactors, logFactor, TooManyFactors } from '../users/factor-changes.js';
import { type CodeMail, countTry, mailToAddress, proveAddress, type TriesAhead } from './further-address.js';
import {
  type Barrier,
  enrollableKinds,
  findBarrier,
  findPerson,
  findReplaced,
  findTicketBarrier,
  isLastOwn,
  mayHaveAddress,
  mayHaveRecoveryCode,
  type OpenedTicket,
  type OwnKind,
  type Person,
  ticketKinds,
} from './person.js';
import { isInTime, readEnrolment, type SealedEnrolment, sealEnrolment } from './sealed-enrolment.js';

export interface OwnDeps extends CodeMail {
  readonly directory: DirectoryStore;
  readonly clock: Clock;
  readonly factorChecks: FactorChecks;
  readonly passwords: Pick<PasswordConnector, 'verify' | 'hash'>;
  readonly reads: Pick<LoginReads, 'findPasswordAccount'>;
  readonly attempts: AttemptCounters;
  /** Seals the texts of enrolments that are not finished. */
  readonly ticketBox: SecretBox;
}

/** The person's session, and the machine that asks. */
export interface Asker {
  readonly userId: string;
  readonly sessionId: string | undefined;
  /** Application of the token; empty for this server's page. */
  readonly clientId: string;
  readonly from: {
    readonly ip: string;
    readonly userAgent: string | undefined;
    /** `Accept-Language`, for the mail. */
    readonly language?: string | undefined;
  };
  /** The ticket by which a factor is set up; the session then matters only for an account that has one. */
  readonly ticket?: OpenedTicket;
}

/**
 * Why a change was refused. `gone`: no such factor. `late`: the enrolment expired. `changed`: the factors changed meanwhile.
 * `wrong`: the answer. `kind`: nobody may set up this kind here. `last`: a policy demands the last factor. `exists`: the
 * credential is known already. `full`: the account has as many of this kind as it may have. `too_many`: too many codes
 * were mailed or tried.
 */
export type OwnRefusal =
  | Barrier
  | ('nobody' | 'gone' | 'late' | 'changed' | 'wrong' | 'kind' | 'last' | 'exists' | 'full' | 'too_many');

/** {@link TriesAhead}: of a mailed code alone. */
export type OwnResult<Good> =
  | ({ readonly ok: true } & Good)
  | ({ readonly ok: false; readonly why: OwnRefusal } & TriesAhead);

const no = (why: OwnRefusal) => ({ ok: false, why }) as const;

/** A started enrolment: the sealed text, and the data that the person needs. */
export interface Enrolment {
  readonly sealed: string;
  readonly id: string;
  readonly kind: OwnKind | 'recovery-code' | 'email';
  /** Of `otp`: the secret in base32, and the address that an app reads. */
  readonly secret?: string;
  readonly uri?: string;
  /** Of WebAuthn: options of `navigator.credentials.create`. */
  readonly options?: WebAuthnOptions;
  readonly recoveryCode?: string;
}

/** Returns the name of the tenant, as authenticators show it. */
async function siteOf({ directory, origin }: OwnDeps): Promise<string> {
  return brandOf({ tenant: await directory.tenant.getSettings() }, origin).title;
}

const barrierOf = ({ ticket }: Asker, person: Person, at: Date): OwnRefusal | undefined =>
  ticket === undefined ? findBarrier(person, at) : findTicketBarrier(person, ticket, at);

const kindsOf = ({ ticket }: Asker, person: Person): readonly OwnKind[] =>
  ticket === undefined ? enrollableKinds(person) : ticketKinds(person, ticket.kind);

/** Returns why nobody may set up this kind; undefined when they may. `replaces`: the id of the app that it replaces. */
function checkKind(asker: Asker, person: Person, kind: OwnKind | 'recovery-code', replaces: string | undefined) {
  if (kind === 'recovery-code') return !asker.ticket && mayHaveRecoveryCode(person) ? undefined : 'kind';
  // Attack: a ticket, which only adds, takes the owner's app away.
  if (replaces !== undefined)
    return !asker.ticket && kind === 'otp' && findReplaced(person, replaces) ? undefined : 'gone';
  if (!kindsOf(asker, person).includes(kind)) return 'kind';
  return person.factors.filter((one) => one.kind === kind).length < MOST_OF_A_KIND[kind] ? undefined : 'full';
}

/** Starts to add an address for codes: mails a code there. A ticket never adds one. */
export async function startAddress(deps: OwnDeps, asker: Asker, address: Email): Promise<OwnResult<Enrolment>> {
  const at = deps.clock.now();
  const person = await findPerson(deps.directory, asker, at);
  if (person === undefined) return no('nobody');
  const barrier = findBarrier(person, at);
  if (barrier) return no(barrier);
  const mailed = await mailToAddress(deps, asker, person, address, at);
  if (typeof mailed === 'string') return no(mailed);
  const { id, fields } = mailed;
  return {
    ok: true,
    sealed: sealEnrolment(deps.ticketBox, asker, person.revision, { k: 'email', i: id, ...fields }, at),
    id,
    kind: 'email',
  };
}

/**
 * Starts an enrolment. Writes nothing, except the line about the use of a ticket. `replaces`: the id of the person's app;
 * the new one takes its place once it is confirmed.
 */
export async function startEnrolment(
  deps: OwnDeps,
  asker: Asker,
  kind: OwnKind | 'recovery-code',
  { replaces }: { readonly replaces?: string } = {},
): Promise<OwnResult<Enrolment>> {
  const { directory, entropy, factorChecks, clock } = deps;
  const at = clock.now();
  const person = await findPerson(directory, asker, at);
  if (person === undefined) return no('nobody');
  const barrier = barrierOf(asker, person, at);
  if (barrier) return no(barrier);
  const why = checkKind(asker, person, kind, replaces);
  if (why) return no(why);
  const id = newFactorId(entropy, kind);
  if (asker.ticket)
    await logFactor(deps, groundOf(directory, asker, at), 'gd_start_enroll', asker.userId, { id, kind });
  const name = person.user.email ?? person.user.userId;
  const fixed = { k: kind, i: id, ...(replaces && { p: replaces }) };
  const seal = (more: Record<string, string>) =>
    sealEnrolment(deps.ticketBox, asker, person.revision, { ...fixed, ...more }, at);
  const site = await siteOf(deps);
  if (kind === 'otp') {
    const secret = factorChecks.newSecret();
    return { ok: true, sealed: seal({ x: secret }), id, kind, secret, uri: factorChecks.secretUri(secret, site, name) };
  }
  if (kind === 'recovery-code') {
    const recoveryCode = newRecoveryCode(entropy);
    return { ok: true, sealed: seal({ x: recoveryCode }), id, kind, recoveryCode };
  }
  const existing = person.factors.flatMap(({ credential }) => credential ?? []);
  const userHandle = existing[0]?.userHandle ?? newSecret(entropy);
  const options = factorChecks.creationOptions({
    ...{ kind, site, existing, person: { userHandle, name, displayName: name } },
    keyVerification: person.rules.keyVerification,
  });
  return { ok: true, sealed: seal({ x: options.challenge, h: userHandle }), id, kind, options };
}

/** Returns the started enrolment of an authenticator app again, after a wrong code; undefined when it is over. */
export async function resumeApp(deps: OwnDeps, asker: Asker, sealed: string): Promise<Enrolment | undefined> {
  const at = deps.clock.now();
  const fields = readEnrolment(deps.ticketBox, asker, sealed);
  const person = await findPerson(deps.directory, asker, at);
  if (fields === undefined || !isInTime(fields, at)) return undefined;
  if (fields.k !== 'otp' || fields.x === undefined || fields.i === undefined || person === undefined) return undefined;
  const name = person.user.email ?? person.user.userId;
  const uri = deps.factorChecks.secretUri(fields.x, await siteOf(deps), name);
  return { sealed, id: fields.i, kind: 'otp', secret: fields.x, uri };
}

/** The person's answer: the code of the app, or the JSON of the browser's WebAuthn answer. */
export interface OwnAnswer {
  readonly code?: string;
  readonly response?: string;
}

/**
 * Returns the connection that vouches for a new factor; null where all of the account's vouch together. Attack: a company's
 * administrator opens a ticket in a session of theirs, and the company alone vouches for a factor beside a stranger's password.
 */
const vouchersOf = ({ ticket }: Asker, { session }: Person): Pick<AddedFactor, 'connectionId'> =>
  ticket ? { connectionId: null } : session ? { connectionId: session.connectionId } : {};

/** Returns the factor that the answer proves; undefined for a wrong answer. */
async function proveFactor(
  deps: OwnDeps,
  asker: Asker,
  fields: SealedEnrolment,
  { code = '', response = '' }: OwnAnswer,
  person: Person,
  at: Date,
): Promise<AddedFactor | undefined> {
  const { k: kind, i: id = '', x: secret = '', h: userHandle = '' } = fields;
  const [by, { rules }] = [vouchersOf(asker, person), person];
  if (kind === 'email') {
    const address = mayHaveAddress(person) ? proveAddress(fields, code, at) : undefined;
    return address && { ...address, ...by };
  }
  if (kind === 'recovery-code') return { id, kind, codeHash: hashRecoveryCode(secret), ...by };
  if (kind === 'otp') {
    const lastStep = deps.factorChecks.findStep(secret, code, at, undefined);
    return lastStep === undefined ? undefined : { id, kind, secret, lastStep, ...by };
  }
  if (kind !== 'passkey' && kind !== 'webauthn-roaming') return undefined;
  const mustVerify = kind === 'passkey' || rules.keyVerification === 'required';
  const verdict = await deps.factorChecks.register({ response, challenge: secret, mustVerify }, { userHandle });
  return verdict.ok ? { id, kind, credential: verdict.credential, ...by } : undefined;
}

/**
 * Runs a change under the lock of the account, after the checks of {@link findBarrier}. Mails the owner. Any refusal
 * writes nothing. `passes`: barriers that the caller has a proof for.
 */
export async function change<Good extends object>(
  deps: OwnDeps,
  asker: Asker,
  work: (person: Person, directory: Directory, at: Date) => Promise<OwnResult<Good>>,
  passes: readonly OwnRefusal[] = [],
): Promise<OwnResult<Good>> {
  const at = deps.clock.now();
  try {
    const result = await deps.directory.transaction(async (directory): Promise<OwnResult<Good>> => {
      const person = await findPerson(directory, asker, at, true);
      if (person === undefined) return no('nobody');
      const barrier = barrierOf(asker, person, at);
      return barrier && !passes.includes(barrier) ? no(barrier) : work(person, directory, at);
    });
    if (result.ok) deps.onMailQueued();
    return result;
  } catch (error) {
    if (error instanceof TooManyFactors) return no('full');
    // changeFactors refuses a credential that exists already.
    if (error instanceof ManagementError && error.statusCode === 409) return no('exists');
    throw error;
  }
}

/** Uses the ticket up, in the transaction that adds the factor. Attack: one link sets up two factors, on two nodes at once. */
function takeTicket({ userId, ticket }: Asker, { users }: Directory, at: Date): Promise<boolean> {
  const { ticketHash } = ticket ?? {};
  return ticketHash === undefined
    ? Promise.resolve(false)
    : users.useTicket({ userId, ticketHash, purpose: 'enrollment', at });
}

interface Written {
  readonly remove?: readonly FactorRecord[];
  readonly add?: readonly AddedFactor[];
  readonly notice?: 'recovery_code';
}

const groundOf = (directory: Directory, { from, clientId }: Asker, now: Date) =>
  ({ directory, now, from, caller: { clientId }, isOwn: true }) as const;

async function write(deps: OwnDeps, asker: Asker, person: Person, directory: Directory, at: Date, changes: Written) {
  const { mail } = await changeFactors(deps, groundOf(directory, asker, at), person, changes);
  for (const one of mail) await directory.outbox.enqueue(one, at);
}

type Made = { readonly id: string; readonly recoveryCode?: string };

/**
 * Finishes an enrolment with the person's answer. The first factor brings a recovery code with it, where the tenant
 * accepts them: it is in the result, and nowhere else.
 */
export async function finishEnrolment(
  deps: OwnDeps,
  asker: Asker,
  sealed: string,
  answer: OwnAnswer,
  /** The ids that the caller names for the enrolment; one of them must be its own. Absent: any. */
  { ids, showsCode = false }: { readonly ids?: readonly string[]; readonly showsCode?: boolean } = {},
): Promise<OwnResult<Made>> {
  const fields = readEnrolment(deps.ticketBox, asker, sealed);
  if (fields?.i === undefined) return no('changed');
  if (!isInTime(fields, deps.clock.now())) return no('late');
  if (ids && !ids.includes(fields.i) && !ids.includes(`${methodOf(fields.k as OwnKind)}|new`)) return no('gone');
  const finish = () =>
    change<Made>(deps, asker, async (person, directory, at) => {
      // Attack: an enrolment that was begun before the factors were reset, or one that is finished twice.
      if (fields.r !== String(person.revision)) return no('changed');
      // Attack: a kind that the tenant stopped accepting while somebody set it up.
      const why = fields.k === 'email' ? undefined : checkKind(asker, person, fields.k as OwnKind, fields.p);
      if (why) return no(why);
      const factor = await proveFactor(deps, asker, fields, answer, person, at);
      if (factor === undefined) return no('wrong');
      const replaced = fields.p === undefined ? undefined : findReplaced(person, fields.p);
      // The last of the refusals: a refused change is not rolled back, and would use the ticket up.
      if (asker.ticket && !(await takeTicket(asker, directory, at))) return no('changed');
      const old = person.factors.filter(({ kind }) => kind === 'recovery-code');
      if (factor.kind === 'recovery-code') {
        await write(deps, asker, person, directory, at, { remove: old, add: [factor], notice: 'recovery_code' });
        return { ok: true, id: factor.id };
      }
      const givesCode = showsCode && person.rules.accepts.includes('recovery-code') && old.length === 0;
      const recoveryCode = newRecoveryCode(deps.entropy);
      const [id, codeHash] = [newFactorId(deps.entropy, 'recovery-code'), hashRecoveryCode(recoveryCode)];
      const by = factor.connectionId === undefined ? {} : { connectionId: factor.connectionId };
      const add = givesCode ? [factor, { id, kind: 'recovery-code' as const, codeHash, ...by }] : [factor];
      await write(deps, asker, person, directory, at, { remove: replaced ? [replaced] : [], add });
      return { ok: true, id: factor.id, ...(givesCode && { recoveryCode }) };
    });
  return fields.k === 'email' ? countTry(deps, asker, { id: fields.i, at: deps.clock.now() }, finish) : finish();
}

/** Removes a factor of the person. */
export function removeOwn(deps: OwnDeps, asker: Asker, id: string): Promise<OwnResult<object>> {
  return change<object>(deps, asker, async (person, directory, at) => {
    const factor = person.factors.find((one) => one.id === id);
    if (factor === undefined) return no('gone');
    if (isLastOwn(person, id)) return no('last');
    await write(deps, asker, person, directory, at, { remove: [factor] });
    return { ok: true };
  });
}

/** Gives a factor of the person a name. */
export function renameOwn(deps: OwnDeps, asker: Asker, id: string, name: string): Promise<OwnResult<object>> {
  return change<object>(deps, asker, async (person, directory, now) => {
    const factor = person.factors.find((one) => one.id === id);
    if (factor === undefined) return no('gone');
    await directory.factors.rename(asker.userId, id, name);
    await logFactor(deps, groundOf(directory, asker, now), 'gd_update_device_account', asker.userId, factor);
    return { ok: true };
  });
}
