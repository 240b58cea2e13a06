/**
 * The bound and deployed Actions of each trigger, ready to run with their code and decrypted secrets. Read once per
 * revision of the tenant's Actions and kept in memory: a login with an unchanged revision sends no query. Never logs.
 */
import type pg from 'pg';
import type { ActionDependency, ActionProgram, TriggerId } from '../domain/actions/action.js';
import type { SecretBox } from '../kernel/seal.js';
import type { ActionPrograms } from '../ports/action-runner.js';
import { type JoinedModule, MODULES_OF, toModuleSources } from './action-modules.js';
import { queryRows } from './database/pool.js';
import { openSecrets, toValues } from './secrets/action-secrets.js';

interface Row {
  readonly revision: string;
  /** Null, like all following columns, when the trigger has no bound Action. */
  readonly action_id: string | null;
  readonly version_id: string;
  readonly name: string;
  readonly code: string;
  readonly dependencies: readonly ActionDependency[];
  readonly modules: readonly JoinedModule[];
  readonly secrets_sealed: Buffer | null;
}

// Reads revision and Actions in one statement, so that both belong to the same state of the database.
const READ = `
  select t.actions_revision as revision, v.action_id, v.id as version_id, a.name, v.code, v.dependencies, v.secrets_sealed,
    ${MODULES_OF('v')} as modules
  from tenant t
  left join (action_bindings b
    join actions a on a.id = b.action_id
    join action_versions v on v.action_id = a.id and v.id = a.deployed_version_id) on b.trigger = $1
  where t.id = 1
  order by b.position`;

interface Kept {
  readonly revision: string;
  readonly program: ActionProgram | undefined;
}

async function read(pool: pg.Pool, box: SecretBox, trigger: TriggerId): Promise<Kept> {
  const rows = await queryRows<Row>(pool, READ, [trigger]);
  const revision = rows[0]?.revision ?? '';
  const actions = rows.flatMap((row) => {
    if (row.action_id === null) return [];
    const secrets = openSecrets(box, 'action_versions', row.version_id, row.secrets_sealed);
    return [
      {
        actionId: row.action_id,
        versionId: row.version_id,
        name: row.name,
        code: row.code,
        dependencies: row.dependencies,
        modules: toModuleSources(box, row.modules),
        secrets: toValues(secrets),
      },
    ];
  });
  // Versions of Actions and modules never change, so the version ids identify all code. A deployment to another trigger
  // therefore leaves the processes of this trigger in use.
  const key = `${trigger} ${actions.map(({ versionId }) => versionId).join(' ')}`;
  const program = actions.length === 0 ? undefined : { key, trigger, actions };
  return { revision, program };
}

/**
 * Returns programs from the database. A login may have read its revision just before a deployment. If that revision is
 * not in memory, the login gets the newly deployed program, which is cached under the newer revision. Throws {@link
 * Fault} when the database failed.
 */
export function createActionPrograms(pool: pg.Pool, box: SecretBox): ActionPrograms {
  /** The newest program of each trigger. */
  const kept = new Map<TriggerId, Kept>();
  const reading = new Map<string, Promise<Kept>>();

  // After a deployment many concurrent logins share one read of the program.
  function readOnce(trigger: TriggerId, revision: string): Promise<Kept> {
    const key = `${trigger} ${revision}`;
    const under = reading.get(key);
    if (under !== undefined) return under;
    const started = read(pool, box, trigger).finally(() => reading.delete(key));
    reading.set(key, started);
    return started;
  }

  return {
    async findProgram(trigger, revision) {
      const known = kept.get(trigger);
      if (known?.revision === revision) return known.program;
      const found = await readOnce(trigger, revision);
      kept.set(trigger, found);
      return found.program;
    },
  };
}
