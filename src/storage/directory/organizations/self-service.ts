/**
 * Self-service profiles, and set-ups of connections by customers. A set-up's candidate (the settings that are not in
 * use yet) contains secrets and is sealed as a whole.
 */
import { type Kysely, type Selectable, sql } from 'kysely';
import {
  type Candidate,
  parseProviderName,
  type SelfServiceProfile,
  type Setup,
} from '../../../domain/self-service.js';
import type { SecretBox } from '../../../kernel/seal.js';
import type { SelfServiceDirectory } from '../../../ports/directory/self-service.js';
import type { Database } from '../../schema/schema.js';
import type { ConnectionSetupsTable, SelfServiceProfilesTable } from '../../schema/schema-self-service.js';
import { countIf, cutPage, orNull, orUndefined, toPage } from '../rows.js';

function toProfile(row: Selectable<SelfServiceProfilesTable>): SelfServiceProfile {
  return {
    id: row.id,
    name: row.name,
    description: orUndefined(row.description),
    userAttributes: row.user_attributes,
    branding: orUndefined(row.branding),
    allowedStrategies: row.allowed_strategies,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toColumns(profile: SelfServiceProfile) {
  return {
    name: profile.name,
    description: orNull(profile.description),
    user_attributes: JSON.stringify(profile.userAttributes),
    branding: profile.branding === undefined ? null : JSON.stringify(profile.branding),
    allowed_strategies: [...profile.allowedStrategies],
    updated_at: profile.updatedAt,
  };
}

const contextOf = (id: string) => `connection_setups:${id}:candidate`;

function toSetup(row: Selectable<ConnectionSetupsTable>, box: SecretBox): Setup {
  const opened = row.candidate_sealed === null ? undefined : box.open(row.candidate_sealed, contextOf(row.id));
  return {
    id: row.id,
    organizationId: row.organization_id,
    profileId: row.profile_id,
    connectionId: orUndefined(row.connection_id),
    config: row.config,
    provider: parseProviderName(row.provider),
    candidate: opened === undefined ? undefined : (JSON.parse(opened) as Candidate),
    passed: orUndefined(row.passed),
    passedAt: orUndefined(row.passed_at),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: orUndefined(row.revoked_at),
  };
}

type Profiles = Pick<
  SelfServiceDirectory,
  'listProfiles' | 'countProfiles' | 'findProfile' | 'createProfile' | 'updateProfile' | 'deleteProfile'
>;

function createProfiles(db: Kysely<Database>): Profiles {
  const find = async (id: string) => {
    const row = await db.selectFrom('self_service_profiles').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toProfile(row);
  };
  return {
    findProfile: find,
    async listProfiles(page) {
      const base = db.selectFrom('self_service_profiles').selectAll();
      const rows = await cutPage(base, page, sql.ref('created_at'), sql.ref('id')).execute();
      const total = await countIf(page, base);
      return toPage(rows, page, total, toProfile, (row) => ({ createdAt: row.page_time, id: row.id }));
    },
    async countProfiles() {
      const row = await db
        .selectFrom('self_service_profiles')
        .select((e) => e.fn.countAll<string>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
    async createProfile(profile) {
      const columns = { id: profile.id, created_at: profile.createdAt, ...toColumns(profile) };
      await db.insertInto('self_service_profiles').values(columns).execute();
    },
    async updateProfile(id, changes) {
      const before = await find(id);
      if (before === undefined) return undefined;
      await db
        .updateTable('self_service_profiles')
        .set(toColumns({ ...before, ...changes }))
        .where('id', '=', id)
        .execute();
      return find(id);
    },
    async deleteProfile(id) {
      const result = await db.deleteFrom('self_service_profiles').where('id', '=', id).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}

function toSetupColumns(box: SecretBox, id: string, changes: Parameters<SelfServiceDirectory['updateSetup']>[1]) {
  const { candidate } = changes;
  return {
    ...('connectionId' in changes && { connection_id: orNull(changes.connectionId) }),
    ...('provider' in changes && { provider: orNull(changes.provider) }),
    ...('candidate' in changes && {
      candidate_sealed: candidate === undefined ? null : box.seal(JSON.stringify(candidate), contextOf(id)),
    }),
    ...('passed' in changes && { passed: orNull(changes.passed) }),
    ...('passedAt' in changes && { passed_at: orNull(changes.passedAt) }),
  };
}

type Setups = Omit<SelfServiceDirectory, keyof Profiles>;

function createSetups(db: Kysely<Database>, box: SecretBox): Setups {
  const select = (id: string) => db.selectFrom('connection_setups').selectAll().where('id', '=', id);
  return {
    async createSetup(setup, ticketHash) {
      await db
        .insertInto('connection_setups')
        .values({
          organization_id: setup.organizationId,
          id: setup.id,
          profile_id: setup.profileId,
          ticket_hash: ticketHash,
          config: JSON.stringify(setup.config),
          created_at: setup.createdAt,
          expires_at: setup.expiresAt,
          revoked_at: orNull(setup.revokedAt),
          ...toSetupColumns(box, setup.id, setup),
        })
        .execute();
    },
    async findSetup(id) {
      const row = await select(id).executeTakeFirst();
      return row && { setup: toSetup(row, box), ticketHash: row.ticket_hash };
    },
    async findSetupForUpdate(id) {
      const row = await select(id).forUpdate().executeTakeFirst();
      return row && toSetup(row, box);
    },
    async updateSetup({ organizationId, id }, changes) {
      const columns = toSetupColumns(box, id, changes);
      if (Object.keys(columns).length === 0) return;
      await db
        .updateTable('connection_setups')
        .set(columns)
        .where('organization_id', '=', organizationId)
        .where('id', '=', id)
        .execute();
    },
    async revokeSetup(profileId, id, at) {
      const result = await db
        .updateTable('connection_setups')
        .set({ revoked_at: at, candidate_sealed: null })
        .where('id', '=', id)
        .where('profile_id', '=', profileId)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
  };
}

/** Creates the {@link SelfServiceDirectory}. */
export function createSelfServiceDirectory(db: Kysely<Database>, box: SecretBox): SelfServiceDirectory {
  return { ...createProfiles(db), ...createSetups(db, box) };
}
