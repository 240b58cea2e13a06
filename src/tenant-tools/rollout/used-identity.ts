/**
 * Takes away an identity that its person has used: it is unlinked, becomes an account of its own (as on Auth0), and
 * that account is deleted if it holds nothing else. Each of the two writes counts as done if a read shows so after a
 * lost answer.
 */
import type { Json } from '../remote/exchange.js';
import type { Endpoint } from '../remote/tenant.js';
import type { Journal } from './journal.js';
import { OTHER_IDENTITY, type RolloutTenant, type Target, type UsedDecision } from './tenant.js';
import type { Changed } from './totals.js';
import { until } from './until.js';

function isThere(identity: Json, target: Target): boolean {
  return identity.connection_id === target.connectionId || identity.connection === target.connectionName;
}

async function findUser(tenant: Endpoint, userId: string): Promise<Json | undefined> {
  return (await tenant.find(`/users/${encodeURIComponent(userId)}`)) as Json | undefined;
}

/** Finds the identity of `userId` at the connection, as the tenant shows it. */
export async function findIdentityThere(
  tenant: Endpoint,
  target: Target,
  userId: string,
): Promise<{ readonly provider: string; readonly userId: string; readonly email: string | undefined } | undefined> {
  const user = await findUser(tenant, userId);
  const identities = Array.isArray(user?.identities) ? (user.identities as Json[]) : [];
  const found = identities.find((identity) => isThere(identity, target));
  if (found === undefined) return undefined;
  const profile = (found.profileData ?? {}) as Json;
  return {
    provider: String(found.provider),
    userId: String(found.user_id),
    email: typeof profile.email === 'string' ? profile.email : undefined,
  };
}

/**
 * Finds the identity for a rollback. It reads twice before it reports none: a read may be older than the link, and
 * nobody would find an identity left behind once the journal is finished.
 */
export async function findIdentityToUndo(
  tenant: Endpoint,
  target: Target,
  userId: string,
): ReturnType<typeof findIdentityThere> {
  return (await findIdentityThere(tenant, target, userId)) ?? (await findIdentityThere(tenant, target, userId));
}

/**
 * Finds the separate account that an identity became when it was unlinked: this identity is the account's first one.
 */
async function findSeparated(
  tenant: Endpoint,
  identity: { provider: string; userId: string; email: string | undefined },
): Promise<string | undefined> {
  const usual = await findUser(tenant, `${identity.provider}|${identity.userId}`);
  if (usual !== undefined) return String(usual.user_id);
  if (identity.email === undefined) return undefined;
  const same = (await tenant.get(`/users-by-email?email=${encodeURIComponent(identity.email)}`)) as Json[];
  const found = same.find((user) => {
    const [first] = Array.isArray(user.identities) ? (user.identities as Json[]) : [];
    return first?.provider === identity.provider && first.user_id === identity.userId;
  });
  return found && String(found.user_id);
}

function isEmpty(metadata: unknown): boolean {
  // Auth0's default SCIM mapping stores the provider's own id as `external_id`.
  return Object.keys((metadata ?? {}) as Json).every((name) => name === 'external_id');
}

/**
 * Deletes an account that holds only one identity. Returns false, and does nothing, if it is a member of an
 * organization, or has metadata or a further identity: somebody else gave it those.
 */
export async function deleteBare(tenant: Endpoint, account: string): Promise<boolean> {
  const path = `/users/${encodeURIComponent(account)}`;
  const user = await findUser(tenant, account);
  if (user === undefined) return true;
  const identities = Array.isArray(user.identities) ? user.identities.length : 0;
  const organizations = (await tenant.get(`${path}/organizations`)) as readonly Json[];
  const isBare = identities === 1 && organizations.length === 0;
  if (!isBare || !isEmpty(user.app_metadata) || !isEmpty(user.user_metadata)) return false;
  await until(
    tenant,
    async () => (await findUser(tenant, account)) === undefined,
    () => tenant.send('DELETE', path),
  );
  return true;
}

/**
 * Unlinks the identity of `userId` at the connection and deletes the account that it becomes; marks the person
 * `undone`.
 */
export async function removeUsedIdentity(
  tenant: Endpoint,
  target: Target,
  userId: string,
  journal: Journal,
): Promise<void> {
  const identity = await findIdentityToUndo(tenant, target, userId);
  const kept = journal.standing(userId)?.data.unlinked as typeof identity;
  const unlinked = identity ?? kept;
  if (unlinked !== undefined) {
    await journal.append({ ids: [userId], mark: 'undoing', data: { unlinked } });
    const path = `/users/${encodeURIComponent(userId)}/identities/${encodeURIComponent(unlinked.provider)}/${encodeURIComponent(unlinked.userId)}`;
    await until(
      tenant,
      async () => (await findIdentityToUndo(tenant, target, userId)) === undefined,
      () => tenant.send('DELETE', path),
    );
    const account = await findSeparated(tenant, unlinked);
    // Never deletes the person's own account, whatever the tenant answers.
    if (account !== undefined && account !== userId && !(await deleteBare(tenant, account))) {
      // Counts as undone, not as kept: the person can no longer sign in by SSO, so they must not count as moved.
      const note = `is unlinked; the account ${account}, which the identity is now, holds more than that and stays`;
      await journal.append({ ids: [userId], mark: 'undone', note });
      return;
    }
  }
  await journal.append({ ids: [userId], mark: 'undone' });
}

/** Note about people who linked themselves at a sign-in to which the rollout led them. */
export const LINKED_THEMSELVES = 'linked the identity since the plan was made';

/**
 * Takes back identities that people linked themselves, as `used` says, and marks each person. Without a decision they
 * stay unmarked. The origin of a link is read again right before: an operator may have linked another identity since
 * the decision.
 */
export async function undoLinked(
  tenant: Endpoint,
  target: Target,
  people: readonly Changed[],
  journal: Journal,
  { used, isOwnLink }: { readonly used: UsedDecision; readonly isOwnLink: RolloutTenant['isOwnLink'] },
): Promise<void> {
  for (const { user_id: id } of people) {
    const isThereNow = (await findIdentityToUndo(tenant, target, id)) !== undefined;
    const isOwn = isThereNow ? await isOwnLink(id) : true;
    // An earlier run that was interrupted may already have decided to remove the identity.
    const isWanted = used === 'undo' || !isThereNow || journal.standing(id)?.data.unlinked !== undefined;
    if (isOwn === false) await journal.append({ ids: [id], mark: 'kept', note: OTHER_IDENTITY });
    else if (isWanted && isOwn) await removeUsedIdentity(tenant, target, id, journal);
    else if (used === 'keep') await journal.append({ ids: [id], mark: 'kept', note: LINKED_THEMSELVES });
  }
}
