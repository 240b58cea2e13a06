/**
 * `/jobs/verification-email`: mails a user the link that proves their address. The job is the queued mail itself, under
 * the job's id, so it exists as long as the mail: until a day after sending. Shows no address and no link.
 */
import { newId } from '../../kernel/ids.js';
import type { Sending } from '../../ports/directory/emails.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, noOrganization, noUser } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { viewOf } from '../api/wire.js';
import { writeVerification } from './tickets.js';
import { toIdentityUserId } from './user-wire.js';

interface VerificationBody {
  readonly user_id: string;
  readonly client_id?: string;
  readonly organization_id?: string;
  readonly identity?: { readonly user_id: string; readonly provider: string };
}

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as VerificationBody;
  const user = await call.directory.users.find(body.user_id);
  if (user === undefined) throw noUser();
  const { client_id: clientId, organization_id: organizationId, identity } = body;
  const isTheirs = user.identities.some(
    (one) => one.strategy === identity?.provider && toIdentityUserId(one) === identity.user_id,
  );
  if (identity !== undefined && !isTheirs) throw badBody('The user has no such identity.');
  const client = clientId === undefined ? undefined : await call.directory.clients.find(clientId);
  if (clientId !== undefined && client === undefined) throw badBody('The specified client_id does not exist.');
  const organization =
    organizationId === undefined ? undefined : await call.directory.organizations.find(organizationId);
  if (organizationId !== undefined && organization === undefined) throw noOrganization();
  const id = newId(deps.entropy, 'job');
  const mail = await writeVerification(deps, call, user, { client, organization, id });
  return {
    body: QUEUED.show({ id, status: 'pending', createdAt: call.now }),
    mail: [mail],
    log: { userId: user.userId },
  };
}

/** Hides email addresses in a text: a mail server may repeat one in its answer. */
const withoutAddresses = (text: string) =>
  text
    .split(/\s/)
    .map((word) => (word.includes('@') ? '(an address)' : word))
    .join(' ');

const QUEUED = viewOf<Pick<Sending, 'status' | 'createdAt'> & { readonly id: string }>({
  id: ['string', ({ id }) => id],
  type: ['string', () => 'verification_email'],
  status: ['string', ({ status }) => status],
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
});
const TROUBLE = viewOf<NonNullable<Sending['trouble']>>({
  tries: ['integer', ({ tries }) => tries],
  reason: ['string', ({ reason }) => withoutAddresses(reason)],
  'next_try_at?': ['string', ({ nextTryAt }) => nextTryAt?.toISOString()],
});
/** A verification mail in answers, with the reason why it could not be delivered yet. */
export const VERIFICATION = viewOf<Sending & { readonly id: string }>({
  ...QUEUED.rows,
  'trouble?': [TROUBLE.schema, ({ trouble }) => trouble && TROUBLE.show(trouble)],
});

/** Returns the job in the path if it is a verification mail; otherwise undefined. */
export async function findVerification(call: Call): Promise<Wire | undefined> {
  const id = call.params.id ?? '';
  const sending = id.startsWith('job_') ? await call.directory.emails.findSending(id) : undefined;
  return sending && VERIFICATION.show({ ...sending, id });
}

/** Returns the operation that sends a verification mail. */
export function verificationOperation(deps: ManagementDeps): Operation {
  return {
    method: 'post',
    path: '/jobs/verification-email',
    summary: 'Send a verification email',
    status: 201,
    reply: QUEUED.schema,
    refusals: [404],
    run: (call) => create(deps, call),
  };
}
