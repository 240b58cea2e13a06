/** The login store over PostgreSQL: reads for steps 1 to 5, the single write of step 6. */
import type { Pool } from 'pg';
import type { Strategy, Tenant } from '../../domain/tenant.js';
import type { Clock } from '../../kernel/clock.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { LoginCommit, LoginReads } from '../../ports/login-store.js';
import { createAddTexts } from '../custom-texts.js';
import { findActionGround } from './action-ground.js';
import { findAccount, findCandidates, findCredential, findPasswordAccount } from './candidates.js';
import { applyCommit } from './commit.js';
import { findFactors, findPasskey } from './factors.js';
import {
  findOrganization,
  findOrganizationsByDomain,
  findSession,
  listEnterableOrganizations,
  listLikelyOrganizations,
} from './sessions.js';
import { findEnablements, findHomeRealms, findTenant } from './target.js';
import { createTargetMemory, findTarget } from './target-memory.js';

/**
 * Returns the login store. `box` opens connection secrets and seals outgoing mail (purpose `rows`). No read returns a
 * connection whose strategy is not in `strategies`: nobody can sign in through it, no page shows it, no address leads
 * to it, and its `sso_rollout` has no effect. `clock` decides which proofs of domains have expired.
 */
export function createLoginStore(
  pool: Pool,
  box: SecretBox,
  strategies: readonly Strategy[],
  clock: Clock,
): { readonly reads: LoginReads; readonly commit: LoginCommit } {
  const connections = { pool, box, strategies, clock };
  const memory = createTargetMemory(connections);
  const addTexts = createAddTexts(pool);
  const withTexts = async <T extends { readonly tenant: Tenant }>(found: T | undefined): Promise<T | undefined> =>
    found && { ...found, tenant: await addTexts(found.tenant) };
  return {
    reads: {
      findTenant: async () => addTexts(await findTenant(pool)),
      findTarget: async (query) => withTexts(await findTarget(connections, memory, query)),
      findEnablements: async (organizationId) => withTexts(await findEnablements(connections, organizationId)),
      findHomeRealms: (domain) => findHomeRealms(connections, domain),
      findCandidates: (query) => findCandidates(pool, query, clock.now()),
      findAccount: (query) => findAccount(pool, query, clock.now()),
      findPasswordAccount: (query) => findPasswordAccount(pool, query),
      findCredential: (query) => findCredential(pool, query),
      findActionGround: (query) => findActionGround(pool, query),
      findFactors: (query) => findFactors(pool, box, query),
      findPasskey: (query) => findPasskey(pool, box, query),
      findSession: (query) => findSession(pool, query),
      listEnterableOrganizations: (query) => listEnterableOrganizations(pool, query),
      listLikelyOrganizations: (query) => listLikelyOrganizations(pool, query),
      findOrganizationsByDomain: (domain) => findOrganizationsByDomain(pool, domain, clock.now()),
      findOrganization: (idOrName) => findOrganization(pool, idOrName),
    },
    commit: { apply: (plan) => applyCommit(pool, box, plan, clock.now()) },
  };
}
