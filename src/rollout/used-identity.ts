/**
 * Takes away an identity that its person has used: it is unlinked, becomes an account of its own (as on Auth0), and that account is deleted if
 * it holds nothing else. Each of the two writes is found done when its answer was lost.
 */
import type { Json } from '../remote/exchange.js';
import type { Endpoint } from '../remote/tenant.js';
import type { Journal } from './journal.js';
import type { Target } from './tenant.js';
import { until } from './until.js';

function isThere(identity: Json, target: Target): boolean {
  return identity.connection_id === target.connectionId || identity.connection === target.connectionName;
}

async function findUser(tenant: Endpoint, userId: string): Promise<Json | undefined> {
  return (await tenant.find(`/users/${encodeURIComponent(userId)}`)) as Json | undefined;
}

/** The identity of `userId` at the connection, as the tenant shows it. */
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

/** The account that the unlinked identity became: its main identity is this one. */
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

/** Unlinks the identity of `userId` at the connection and deletes the account that it becomes; marks the person `undone`. */
export async function removeUsedIdentity(
  tenant: Endpoint,
  target: Target,
  userId: string,
  journal: Journal,
): Promise<void> {
  const identity = await findIdentityThere(tenant, target, userId);
  const kept = journal.standing(userId)?.data.unlinked as typeof identity;
  const unlinked = identity ?? kept;
  if (unlinked !== undefined) {
    await journal.append({ ids: [userId], mark: 'undoing', data: { unlinked } });
    const path = `/users/${encodeURIComponent(userId)}/identities/${encodeURIComponent(unlinked.provider)}/${encodeURIComponent(unlinked.userId)}`;
    await until(
      async () => (await findIdentityThere(tenant, target, userId)) === undefined,
      () => tenant.send('DELETE', path),
    );
    const account = await findSeparated(tenant, unlinked);
    // Never the account of the person, whatever the tenant answers.
    if (account !== undefined && account !== userId) {
      await until(
        async () => (await findUser(tenant, account)) === undefined,
        () => tenant.send('DELETE', `/users/${encodeURIComponent(account)}`),
      );
    }
  }
  await journal.append({ ids: [userId], mark: 'undone' });
}
