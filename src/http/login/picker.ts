/**
 * The organization picker (`post_login_prompt`). The person first signs in, or has a session. Then they choose among
 * the organizations that they may enter with that sign-in. Never shows an organization that the person could not enter.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { hasPrompt } from '../../domain/authorization-request.js';
import { brandOf } from '../../domain/look/brand.js';
import { parseEmail } from '../../domain/people/email.js';
import { isEnterprise, type Organization, organizationTitle } from '../../domain/tenant.js';
import { connectionIdOf, findChoices, type PickerCredential } from '../../login/find-organizations.js';
import type { LoginOutcome } from '../../login/outcome.js';
import { runLoginOrAsk } from '../../login/pipeline.js';
import { type Proved, proveOnly } from '../../login/prove-only.js';
import { refuse } from '../../login/refusals.js';
import type { Attempt, Credential, Identified, KeptProof } from '../../login/stages.js';
import { newTrace } from '../../login/trace.js';
import type { BrowserSessions } from '../browser/session-cookie.js';
import type { LoginTransaction } from '../browser/transactions.js';
import type { FieldError } from '../pages/models.js';
import { MESSAGES } from '../pages/speech.js';
import type { LoginRoutesDeps } from './deps.js';
import { goOn, goTo, goToIdp, picksOrganizationLater } from './flow.js';
import { newAttempt, refuseHere, sendOutcome } from './outcome.js';
import { trimClaims } from './proof/proof-mail.js';
import { recallProof } from './proof/recall-proof.js';
import { findIdentified, registerStep, type Step, speechPlaceOf } from './step.js';
import { pageUrl } from './urls.js';

type Refused = LoginOutcome & { readonly kind: 'refused' };
type Asked = Omit<Step, 'fields'>;

/**
 * Returns the transaction without the earlier proof, the question about it, and the redirect to an identity provider.
 */
function forget({
  picking: _picking,
  waiting: _waiting,
  upstream: _done,
  ...rest
}: LoginTransaction): LoginTransaction {
  return rest;
}

/**
 * Keeps the proof in the transaction until the person chooses an organization. The picker shows the proved address, so
 * the page "Is this you?" is not needed.
 */
function remember(transaction: LoginTransaction, proved: Pick<Proved, 'proof' | 'email'>): LoginTransaction {
  const rest = forget(transaction);
  const proof = proved.proof.kind === 'known' ? { ...proved.proof, assertedEmail: undefined } : proved.proof;
  const picking = trimClaims({ proof, email: proved.email ?? '' });
  if (picking.proof.kind !== 'identity') return { ...rest, picking };
  const email = picking.proof.identity.email ?? '';
  return { ...rest, username: email, picking: { ...picking, email } };
}

/** True when the picker accepts the credential. A session proves nothing if it is meanwhile another person's. */
function isUsable(credential: Credential, proof: KeptProof | undefined): credential is PickerCredential {
  if (credential.kind === 'session') return proof?.kind === 'session' && proof.userId === credential.session.userId;
  return credential.kind === 'known' || credential.kind === 'identity';
}

/** Returns the credential that {@link remember} kept. */
async function recall({ request, deps, transaction }: Asked): Promise<PickerCredential | undefined> {
  const proof = transaction.picking?.proof;
  const credential = await recallProof(request, deps, proof);
  return isUsable(credential, proof) ? credential : undefined;
}

function pickerAttempt(
  { request, deps }: Asked,
  transaction: LoginTransaction,
  credential: PickerCredential,
): Attempt & { readonly credential: PickerCredential } {
  return { ...newAttempt(request, deps, transaction, credential), credential, picker: 'after' };
}

/**
 * Runs the login for the chosen organization, with the earlier proof. Returns undefined when the answer was sent
 * already. `outcome` is undefined when the proof is not enough and the person has to sign in again.
 */
async function runFor(
  step: Asked,
  organizationId: string,
  credential: PickerCredential,
): Promise<
  | {
      readonly transaction: LoginTransaction;
      readonly identified: Identified;
      readonly outcome: LoginOutcome | undefined;
    }
  | undefined
> {
  const { request, reply, deps } = step;
  const transaction = { ...step.transaction, organizationId };
  const identified = await findIdentified(request, reply, deps, transaction);
  if (identified === undefined) return undefined;
  const outcome = await runLoginOrAsk(pickerAttempt(step, transaction, credential), deps.pipeline);
  return { transaction, identified, outcome };
}

/**
 * Sends the person to the same sign-in again. The chosen organization admits them only by a new assertion of their
 * identity provider.
 */
function signInAgain(
  { request, reply, deps }: Asked,
  { transaction, identified }: { readonly transaction: LoginTransaction; readonly identified: Identified },
  connectionId: string,
): Promise<FastifyReply> {
  const enablement = identified.connections.find((item) => item.connection.id === connectionId);
  const asked = forget(transaction);
  if (enablement === undefined || !isEnterprise(enablement.connection.strategy))
    return goOn(request, reply, deps, { transaction: asked, identified });
  const loginHint = transaction.picking?.email ?? transaction.username;
  return goToIdp(request, reply, deps, { transaction: asked, identified, enablement, loginHint });
}

async function enter(step: Asked, organizationId: string, credential: PickerCredential): Promise<FastifyReply> {
  const { request, reply, deps } = step;
  const ran = await runFor(step, organizationId, credential);
  if (ran === undefined) return reply;
  if (ran.outcome === undefined) return signInAgain(step, ran, connectionIdOf(credential));
  return sendOutcome(request, reply, deps, ran.transaction, ran.outcome);
}

/**
 * Verifies the credential without an organization, and shows the organizations to choose from. If there is only one, it
 * is chosen automatically.
 */
export async function pickOrganization(step: Step, attempt: Attempt): Promise<{ kind: 'sent' } | Refused> {
  const { request, reply, deps, identified } = step;
  const proved = await proveOnly(attempt, deps.pipeline);
  if (proved.kind === 'refused') {
    const { code } = proved.refusal;
    if (code === 'authenticate.wrong_password' || code === 'authenticate.passkey_failed') return proved;
    await sendOutcome(request, reply, deps, step.transaction, proved);
    return { kind: 'sent' };
  }
  const { proof, email } = proved;
  const credential = await recallProof(request, deps, proof);
  if (!isUsable(credential, proof)) throw new TypeError('only a session is looked up, and none was proved here');
  const chooses = pickerAttempt(step, step.transaction, credential);
  const { organizations, onlyOne } = await findChoices(chooses, email, deps.pipeline);
  const chosen = organizations.length === 0 ? onlyOne : organizations[0]?.id;
  const transaction = remember(step.transaction, proved);
  if (chosen === undefined) {
    const user = credential.kind === 'known' ? credential.userId : 'unknown';
    const names = { user, organization: 'requested' };
    const refusal = refuse('admit.not_a_member', 'no organization that this way in may enter', names);
    const trace = newTrace({ email, ...(user !== 'unknown' && { userId: user }) });
    await refuseHere(request, reply, deps, {
      attempt: { ...attempt, credential: credential.kind === 'identity' ? credential : attempt.credential },
      transaction,
      identified,
      refusal,
      trace,
    });
  } else if (organizations.length > 1) {
    await goTo(request, reply, deps, { transaction, identified, path: '/u/organization-picker' });
  } else {
    await enter({ ...step, transaction: forget(step.transaction) }, chosen, credential);
  }
  return { kind: 'sent' };
}

/**
 * Uses the browser's session instead of a sign-in. `none`: the session cannot be used here, so the person may sign in.
 * `several`: the person would have to choose, but the request forbids showing a page (`prompt=none`).
 */
export async function pickBySession(
  step: Asked,
  found: NonNullable<Awaited<ReturnType<BrowserSessions['find']>>>,
): Promise<'sent' | 'none' | 'several'> {
  const { request, reply, deps, transaction, identified } = step;
  const { userId, connectionId } = found.session;
  const asked = transaction.request.connection;
  const enablement = identified.connections.find((item) => item.connection.id === connectionId);
  if (asked !== undefined && asked !== enablement?.connection.name) return 'none';
  const credential: PickerCredential = { kind: 'session', ...found };
  const account = await deps.pipeline.reads.findAccount({ userId, connectionId, organizationId: undefined });
  const proved = { proof: { kind: 'session', userId } as const, email: account?.candidate.account.email };
  const attempt = pickerAttempt(step, transaction, credential);
  const { organizations } = await findChoices(attempt, proved.email, deps.pipeline);
  const [only] = organizations;
  if (only === undefined) return 'none';
  const silent = hasPrompt(transaction.request, 'none');
  if (organizations.length > 1) {
    if (silent) return 'several';
    await goTo(request, reply, deps, {
      transaction: remember(transaction, proved),
      identified,
      path: '/u/organization-picker',
    });
    return 'sent';
  }
  const ran = await runFor(step, only.id, credential);
  if (ran === undefined) return 'sent';
  // The session is not enough for this organization; a new sign-in may be.
  if (ran.outcome === undefined) return 'none';
  await sendOutcome(request, reply, deps, ran.transaction, ran.outcome);
  return 'sent';
}

function showPicker(
  step: Step,
  organizations: readonly Organization[],
  errors: readonly FieldError[] = [],
  status = 200,
): FastifyReply {
  const { identified, transaction, deps, reply } = step;
  const listed = organizations.map((organization) => {
    const { logoUrl, primaryColor } = organization.branding;
    return {
      id: organization.id,
      title: organizationTitle(organization),
      ...(logoUrl !== undefined && { logoUrl }),
      ...(primaryColor !== undefined && { primaryColor }),
    };
  });
  return deps.sendPage(
    reply,
    {
      page: 'organization-picker',
      brand: brandOf({ ...identified, organization: undefined }, deps.origin),
      action: pageUrl('/u/organization-picker', transaction.id),
      errors,
      email: transaction.picking?.email ?? '',
      editUrl: pageUrl('/u/login/identifier', transaction.id),
      organizations: listed,
    },
    speechPlaceOf(step),
    status,
  );
}

/**
 * True when the organization of this login may be chosen at the picker. Attack: anybody can post to the page, to
 * replace an organization that the application named or an Action chose.
 */
function mayPick({ transaction, identified }: Step): boolean {
  return (
    transaction.request.organization === undefined &&
    transaction.routed !== true &&
    picksOrganizationLater({ ...identified, organization: undefined })
  );
}

/** Continues with the posted choice, or shows all organizations again. */
async function choose(step: Step): Promise<FastifyReply> {
  const { request, reply, deps } = step;
  // The new choice replaces an earlier one.
  const { organizationId: _before, ...transaction } = step.transaction;
  const credential = mayPick(step) ? await recall(step) : undefined;
  if (credential === undefined) return goOn(request, reply, deps, step);
  const attempt = pickerAttempt(step, transaction, credential);
  const { organizations } = await findChoices(attempt, parseEmail(transaction.picking?.email), deps.pipeline);
  if (request.method !== 'POST') return showPicker(step, organizations);
  const chosen = organizations.find((organization) => organization.id === step.fields.organization);
  if (chosen) return enter({ ...step, transaction }, chosen.id, credential);
  const message = MESSAGES.organizationMissing;
  return showPicker(step, organizations, [{ field: 'organization', message }], 400);
}

/** Registers GET and POST /u/organization-picker. */
export function registerPicker(app: FastifyInstance, deps: LoginRoutesDeps): void {
  registerStep(app, deps, '/u/organization-picker', { show: choose, submit: choose });
}
