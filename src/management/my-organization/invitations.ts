/** `/member-invitations`: the people whom members invite. The invitation and its mail are those of the Management API. */
import { type Email, parseEmail } from '../../domain/people/email.js';
import type { InvitationRecord } from '../../ports/directory/invitations.js';
import type { Directory } from '../../ports/directory.js';
import { conflict, noInvitation } from '../api/errors.js';
import type { Wire } from '../api/operation.js';
import { chooseFields, parseDescending } from '../api/paging.js';
import type { Invocation } from '../api/run-write.js';
import { present } from '../api/wire.js';
import { toInvitationWire } from '../organizations/invitations.js';
import { countQuestion } from '../self-service/question-limits.js';
import { noOrganizationHere, notConfigured, type OrganizationCall, type Run, write } from './call.js';
import { checkMayGive, checkRoles, noOwnRole } from './ceiling.js';
import { toList, toRole } from './members.js';
import { findOwn } from './own-connection.js';
import { faultAt } from './requests.js';

interface InvitationsBody {
  readonly invitees: readonly { readonly email: string; readonly roles?: readonly string[] }[];
  readonly inviter?: { readonly name?: string };
  readonly identity_provider_id?: string;
  readonly ttl_sec?: number;
}

const ONE = '/organizations/{id}/invitations/{invitation_id}';
const MAX_OPEN = 100;

/** Turns the form of the Management API into this API's. Leaves out what only operators see, such as metadata. */
function toOwn(wire: Wire): Wire {
  const { id, organization_id, inviter, invitee, created_at, expires_at, invitation_url, ticket_id } = wire;
  return present({
    ...{ id, organization_id, inviter, invitee, identity_provider_id: wire.connection_id },
    ...{ roles: wire.roles ?? [], created_at, expires_at, invitation_url, ticket_id },
  });
}

async function toItems({ deps, organizationId }: OrganizationCall, records: readonly InvitationRecord[]) {
  const organization = await deps.directory.organizations.find(organizationId);
  if (organization === undefined) throw noOrganizationHere();
  return Promise.all(records.map(async (record) => toOwn(await toInvitationWire(deps, organization, record))));
}

export const listInvitations: Run = async (call) => {
  const descending = parseDescending(call.query.sort, 'created_at') ?? true;
  const { invitations } = call.deps.directory;
  const page = await invitations.list(call.organizationId, { ...call.page, descending });
  const items = await toItems(call, page.items);
  return toList('invitations', { ...page, items }, (item) => chooseFields(item, call.query));
};

async function getInvitation({ deps, organizationId, params }: OrganizationCall): Promise<InvitationRecord> {
  const record = await deps.directory.invitations.find(organizationId, params.invitation_id ?? '');
  if (record === undefined) throw noInvitation();
  return record;
}

export const showInvitation: Run = async (call) => {
  const [item] = await toItems(call, [await getInvitation(call)]);
  return chooseFields(item ?? {}, call.query);
};

export const listInvitationRoles: Run = async (call) => {
  const { roles } = await getInvitation(call);
  return { roles: (await call.deps.directory.members.findRoles(roles)).map(toRole) };
};

/** Returns the ids of the invitations that addresses have already. */
async function findOlder({ invitations }: Directory, organizationId: string, emails: readonly Email[]) {
  const found: string[] = [];
  for (const email of emails) {
    const { items } = await invitations.list(organizationId, { limit: MAX_OPEN }, { startsWith: email });
    found.push(...items.filter(({ inviteeEmail }) => inviteeEmail === email).map(({ id }) => id));
  }
  return found;
}

const toRevocation = (id: string): Invocation => ({ key: `delete ${ONE}`, params: { invitation_id: id } });

/** Returns the addresses of the people to invite. Throws 400 for one that is not valid, or named twice. */
function readAddresses({ invitees }: InvitationsBody): readonly Email[] {
  const emails: Email[] = [];
  for (const [index, { email: given }] of invitees.entries()) {
    const email = parseEmail(given);
    const pointer = `/invitees/${index}/email`;
    if (email === undefined) throw faultAt(pointer, 'this is no mail address.');
    if (emails.includes(email)) throw faultAt(pointer, 'this address is named twice.');
    emails.push(email);
  }
  return emails;
}

/**
 * Invites up to ten people, all or none of them, and revokes their older invitations. Only an address in the list of
 * members tells whether an account exists.
 */
export const invite: Run = async (call) => {
  const { deps, member, organizationId } = call;
  const { configuration } = member;
  if (configuration === undefined) throw notConfigured();
  const body = call.body as InvitationsBody;
  const { identity_provider_id: idpId, inviter, ttl_sec } = body;
  const emails = readAddresses(body);
  // Attack: the ids of connections are tried out that the organization does not see, or does not have.
  const checkIdp = async (directory: Directory) => {
    const found = idpId === undefined ? undefined : await findOwn(call, directory, idpId);
    if (found && !found.enablement.isEnabled)
      throw faultAt('/identity_provider_id', 'this identity provider is switched off.');
  };
  await checkIdp(deps.directory);
  const at = deps.clock.now();
  // Attack: an administrator of a customer has this server mail strangers by the thousand, or one of them again and again.
  for (const address of emails) await countQuestion(deps.attempts, 'invitation', { organizationId, address }, at);
  const older = await findOlder(deps.directory, organizationId, emails);
  const roles = [...new Set(body.invitees.flatMap((one) => one.roles ?? []))];
  const shared = present({
    client_id: configuration.invitationClientId ?? member.token.clientId,
    inviter: { name: inviter?.name ?? member.name ?? member.email ?? 'An administrator' },
    ...{ connection_id: idpId, ttl_sec },
  });
  const made = body.invitees.map((invitee) => ({
    key: 'post /organizations/{id}/invitations',
    body: { ...shared, invitee: { email: invitee.email }, ...(invitee.roles?.length && { roles: invitee.roles }) },
  }));
  const answers = await write(call, [...older.map(toRevocation), ...made], {
    async before(directory, now) {
      await checkIdp(directory);
      // Two administrators invite one person at once: both invitations would stay open.
      if (`${await findOlder(directory, organizationId, emails)}` !== `${older}`)
        throw conflict('One of these people was invited, or accepted, a moment ago. Try again.');
      if (roles.length === 0) return;
      checkMayGive(now);
      await checkRoles(deps.origin, directory, now, roles);
      // Attack: an invitation to one's own address. The login that accepts it gives no roles either.
      if (body.invitees.some((one) => one.roles?.length && parseEmail(one.email) === now.email)) throw noOwnRole();
    },
  });
  return answers.slice(older.length).map((answer) => toOwn(answer as Wire));
};

export const revokeInvitation: Run = async (call) => {
  const { invitation_id = '' } = call.params;
  await write(call, [{ key: `delete ${ONE}`, params: { invitation_id } }]);
};

export const revokeInvitations: Run = async (call) => {
  const { invitations } = call.body as { readonly invitations: readonly string[] };
  await write(call, invitations.map(toRevocation));
};
