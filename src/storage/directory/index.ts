/** The directory over PostgreSQL. Other folders import only this file of the folder. */
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import { Bug } from '../../kernel/assert.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { Directory, DirectorySnapshot, DirectoryStore } from '../../ports/directory.js';
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
import { createOrganizationDirectory } from './organizations/organizations.js';
import { createPermissionDirectory } from './organizations/permissions.js';
import { createSelfServiceDirectory } from './organizations/self-service.js';
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
import { createOperatorDirectory } from './tenant/operators.js';
import { createDirectoryOutbox } from './tenant/outbox.js';
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
  sessions: createSessionDirectory,
  invitations: createInvitationDirectory,
  users: createUserDirectory,
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
  signingKeys: createSigningKeyDirectory,
  locks: createRowLockDirectory,
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

/**
 * Opens a snapshot of the directory: a read-only transaction on a connection of its own (PostgreSQL documentation,
 * 13.2.2, "Repeatable Read"). After a failed statement all further reads fail too.
 */
export async function openDirectorySnapshot(pool: pg.Pool, secrets: SecretBox): Promise<DirectorySnapshot> {
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    // A snapshot may idle between statements for longer than a request's transaction. As the first statement this one
    // also takes the snapshot.
    await client.query("select set_config('idle_in_transaction_session_timeout', '0', true)");
  } catch (error) {
    client.release(true);
    throw toDirectoryError(error);
  }
  let isOpen = true;
  let last: Promise<unknown> = Promise.resolve();
  // Runs one statement at a time, because the reads of several requests share this connection.
  const ask = (text: string, parameters: readonly unknown[] = []) => {
    const next = last.then(() => client.query(text, [...parameters]));
    last = next.catch(() => undefined);
    return next;
  };
  const query = async (text: string, parameters: readonly unknown[]) => {
    // After the snapshot was closed another caller may use the connection.
    if (!isOpen) throw new Bug('a snapshot was read after it was closed');
    return ask(text, parameters);
  };
  // The cast is needed because the driver types a statement's command as string, Kysely as a union of words. Cursors
  // are not used.
  const connection = { query, release: () => {} } as unknown as PostgresPoolClient;
  const view = { connect: async () => connection, end: async () => {} };
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: view }) });
  return {
    directory: createOver(db, secrets),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      const ended = await ask('rollback').catch((error: Error) => error);
      client.release(ended instanceof Error);
    },
  };
}
