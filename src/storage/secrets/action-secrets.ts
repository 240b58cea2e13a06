/**
 * The stored secrets of an Action or a module: one sealed JSON array per row. The row's table and id are the additional
 * data: secrets moved to another row do not open. Never logs a value.
 */
import { Fault } from '../../kernel/errors.js';
import type { SecretBox } from '../../kernel/seal.js';
import type { ActionSecret } from '../../ports/directory/actions.js';

type Row = 'actions' | 'action_versions' | 'action_modules' | 'action_module_versions';

const context = (table: Row, id: string) => `${table}:${id}:secrets`;

/** Returns the value of the column `secrets_sealed`, null without secrets. */
export function sealSecrets(box: SecretBox, table: Row, id: string, secrets: readonly ActionSecret[]): Buffer | null {
  if (secrets.length === 0) return null;
  const rows = secrets.map(({ name, value, updatedAt }) => ({ name, value, updated_at: updatedAt.toISOString() }));
  return box.seal(JSON.stringify(rows), context(table, id));
}

/**
 * Returns the secrets of a row. Throws {@link Fault} when they do not open: sealed under another key, or moved from
 * another row.
 */
export function openSecrets(box: SecretBox, table: Row, id: string, sealed: Buffer | null): readonly ActionSecret[] {
  if (sealed === null) return [];
  const plain = box.open(sealed, context(table, id));
  if (plain === undefined) throw new Fault('crypto', 'the secrets of an Action do not open', false);
  const rows = JSON.parse(plain) as readonly { name: string; value: string; updated_at: string }[];
  return rows.map(({ name, value, updated_at }) => ({ name, value, updatedAt: new Date(updated_at) }));
}

/** Returns the secrets as Actions read them in `event.secrets` and `actions.secrets`. */
export function toValues(secrets: readonly ActionSecret[]): Readonly<Record<string, string>> {
  return Object.fromEntries(secrets.map(({ name, value }) => [name, value]));
}
