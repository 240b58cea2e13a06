/** The directory over PostgreSQL. Other folders import only this file of the folder. */
import { Kysely, PostgresDialect } from 'kysely';
import type pg from 'pg';
import type { SecretBox } from '../../kernel/seal.js';
import type { Directory, DirectoryStore } from '../../ports/directory.js';
import type { Database } from '../schema/schema.js';
import { createAccessDirectory } from './access.js';
import { createDirectoryJobs } from './actions/action-jobs.js';
import { createActionModuleDirectory } from './actions/action-modules.js';
import { createActionDirectory } from './actions/actions.js';
import { createClientCredentialDirectory } from './clients/client-credentials.js';
import { createClientDirectory } from './clients/clients.js';
import { createConnectionKeyDirectory } from './connection-keys.js';
import { createConnectionDirectory } from './connections.js';
import { createInvitationDirectory } from './organizations/invitations.js';
import { createMemberDirectory } from './organizations/members.js';
import { createMyOrganizationDirectory } from './organizations/my-organization.js';
import { createOrganizationDirectory } from './organizations/organizations.js';
import { createPermissionDirectory } from './organizations/permissions.js';
import { createSelfServiceDirectory } from './organizations/self-service.js';
import { createFactorDirectory } from './people/factors.js';
import { createPeopleDirectory } from './people/people.js';
import { createUserExportDirectory } from './people/user-exports.js';
import { createUserImportDirectory } from './people/user-imports.js';
import { createUserDirectory } from './people/users.js';
import { createRowLockDirectory } from './row-locks.js';
import { toDirectoryError, translated } from './rows.js';
import { createScimDirectory } from './scim/scim.js';
import { createBrandingDirectory } from './tenant/branding.js';
import { createEmailDirectory } from './tenant/emails.js';
import { createLogStreamDirectory } from './tenant/log-streams.js';
import { createDirectoryLedger, createLogDirectory } from './tenant/logs.js';
import { createOneTimeKeys } from './tenant/one-time-keys.js';
import { createOperatorDirectory } from './tenant/operators.js';
import { createDirectoryOutbox } from './tenant/outbox.js';
import { createProfileDirectory } from './tenant/profiles.js';
import { createSessionDirectory } from './tenant/sessions.js';
import { createSigningKeyDirectory } from './tenant/signing-keys.js';
import { createTenantDirectory } from './tenant/tenant.js';

/** Attempts at a transaction that fails by a deadlock or a serialization failure. */
const ATTEMPTS = 3;

type Builders = { readonly [Part in keyof Directory]: (db: Kysely<Database>, secrets: SecretBox) => Directory[Part] };

const BUILDERS: Builders = {
  tenant: createTenantDirectory,
  branding: createBrandingDirectory,
  clients: createClientDirectory,
  clientCredentials: createClientCredentialDirectory,
  connections: createConnectionDirectory,
  connectionKeys: createConnectionKeyDirectory,
  organizations: createOrganizationDirectory,
  members: createMemberDirectory,
  people: createPeopleDirectory,
  permissions: createPermissionDirectory,
  operators: createOperatorDirectory,
  myOrganization: createMyOrganizationDirectory,
  sessions: createSessionDirectory,
  invitations: createInvitationDirectory,
  users: createUserDirectory,
  factors: createFactorDirectory,
  access: createAccessDirectory,
  actions: createActionDirectory,
  actionModules: createActionModuleDirectory,
  logs: createLogDirectory,
  logStreams: createLogStreamDirectory,
  ledger: createDirectoryLedger,
  outbox: createDirectoryOutbox,
  jobs: createDirectoryJobs,
  emails: createEmailDirectory,
  imports: createUserImportDirectory,
  exports: createUserExportDirectory,
  scim: createScimDirectory,
  selfService: createSelfServiceDirectory,
  profiles: createProfileDirectory,
  signingKeys: createSigningKeyDirectory,
  locks: createRowLockDirectory,
  oneTimeKeys: createOneTimeKeys,
};

/** Returns the directory over a pool or a transaction. Builds each part at its first use: most transactions use two. */
function createOver(db: Kysely<Database>, secrets: SecretBox): Directory {
  const directory = {} as Directory;
  for (const part of Object.keys(BUILDERS) as (keyof Directory)[])
    Object.defineProperty(directory, part, {
      configurable: true,
      enumerable: true,
      get() {
        const value = translated(BUILDERS[part](db, secrets));
        Object.defineProperty(directory, part, { value, enumerable: true });
        return value;
      },
    });
  return directory;
}

/** True for a deadlock or a serialization failure: nothing was written, and a retry may succeed. */
function lostAgainstAnother(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const state = (cause as { code?: unknown } | undefined)?.code;
  return state === '40P01' || state === '40001';
}

/**
 * Creates the directory over `pool`, which it neither closes nor configures. `secrets` seals client secrets, connection
 * secrets and invitation tickets.
 */
export function createDirectory(pool: pg.Pool, secrets: SecretBox): DirectoryStore {
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  const once = async <T>(work: (directory: Directory) => Promise<T>): Promise<T> => {
    try {
      return await db.transaction().execute((transaction) => work(createOver(transaction, secrets)));
    } catch (error) {
      throw toDirectoryError(error);
    }
  };
  return {
    ...createOver(db, secrets),
    async transaction(work) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await once(work);
        } catch (error) {
          if (attempt >= ATTEMPTS || !lostAgainstAnother(error)) throw error;
        }
      }
    },
  };
}
