/**
 * Reads the modules of Actions, with their code and decrypted secrets, in the same query as the Actions. A version that
 * is no longer stored remains in the list without code, so that the Action is refused instead of run without it. Never
 * logs.
 */
import { type Kysely, sql } from 'kysely';
import type { ActionDependency, ModuleSource } from '../domain/actions/action.js';
import type { SecretBox } from '../kernel/seal.js';
import type { Database } from './schema/schema.js';
import { openSecrets, toValues } from './secrets/action-secrets.js';

/** An element of the column `modules` of an Action or of one of its versions. */
export interface KeptReference {
  readonly module_id: string;
  readonly module_name: string;
  readonly module_version_id: string;
  readonly module_version_number: number;
}

/**
 * A reference joined with the version that it names. The following columns are null when that version is no longer
 * stored.
 */
export interface JoinedModule extends KeptReference {
  readonly code: string | null;
  readonly dependencies: readonly ActionDependency[] | null;
  /** The sealed secrets in hexadecimal. */
  readonly secrets_sealed: string | null;
}

/**
 * SQL for the modules of the row `row` of `actions` or `action_versions`: a JSON array of {@link JoinedModule}, in
 * order.
 */
export const MODULES_OF = (row: 'a' | 'v'): string => `(
      select coalesce(jsonb_agg(m.value || jsonb_build_object('code', mv.code, 'dependencies', mv.dependencies,
        'secrets_sealed', encode(mv.secrets_sealed, 'hex')) order by m.ordinality), '[]')
      from jsonb_array_elements(${row}.modules) with ordinality m
      left join action_module_versions mv
        on mv.module_id = m.value ->> 'module_id' and mv.id = m.value ->> 'module_version_id')`;

/** Returns the modules ready to run. Throws Fault when secrets do not open. */
export function toModuleSources(box: SecretBox, modules: readonly JoinedModule[]): readonly ModuleSource[] {
  return modules.map((row) => {
    const sealed = row.secrets_sealed === null ? null : Buffer.from(row.secrets_sealed, 'hex');
    return {
      versionId: row.module_version_id,
      name: row.module_name,
      number: row.module_version_number,
      code: row.code ?? undefined,
      dependencies: row.dependencies ?? [],
      secrets: toValues(openSecrets(box, 'action_module_versions', row.module_version_id, sealed)),
    };
  });
}

/** Returns the modules that an Action's draft names. */
export async function readModules(
  db: Kysely<Database>,
  box: SecretBox,
  actionId: string,
): Promise<readonly ModuleSource[]> {
  const query = sql<{ modules: readonly JoinedModule[] }>`
    select ${sql.raw(MODULES_OF('a'))} as modules from actions a where a.id = ${actionId}`;
  const { rows } = await query.execute(db);
  return toModuleSources(box, rows[0]?.modules ?? []);
}
