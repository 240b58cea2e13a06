/** Bindings of Actions to triggers. The Actions of a trigger run in the order of their bindings' positions. */
import type { Kysely, Selectable } from 'kysely';
import type { TriggerId } from '../../../domain/actions/action.js';
import type { SecretBox } from '../../../kernel/seal.js';
import type { ActionDirectory, ActionRecord, BindingRecord } from '../../../ports/directory/actions.js';
import type { Database } from '../../schema/schema.js';
import type { ActionBindingsTable } from '../../schema/schema-actions.js';
import { countIf } from '../rows.js';
import { toActions } from './actions-rows.js';

type Bindings = Pick<ActionDirectory, 'listBindings' | 'listTriggersOf' | 'replaceBindings'>;

function toBinding(row: Selectable<ActionBindingsTable>, action: ActionRecord): BindingRecord {
  return {
    id: row.id,
    trigger: row.trigger as TriggerId,
    displayName: row.display_name,
    action,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** Returns the methods for bindings. `box` opens the secrets of the bound Actions; only their names are shown. */
export function createBindings(db: Kysely<Database>, box: SecretBox): Bindings {
  const bindingsOf = (trigger: string) => db.selectFrom('action_bindings').where('trigger', '=', trigger);
  return {
    async listBindings(trigger, page) {
      const query = bindingsOf(trigger).selectAll().orderBy('position').limit(page.limit);
      const rows = await query.offset(page.offset ?? 0).execute();
      const total = await countIf(page, bindingsOf(trigger));
      const ids = [...new Set(rows.map((row) => row.action_id))];
      const actions =
        ids.length === 0 ? [] : await db.selectFrom('actions').selectAll().where('id', 'in', ids).execute();
      const records = new Map((await toActions(db, box, actions)).map((action) => [action.id, action]));
      const items = rows.flatMap((row) => {
        // The Action and its binding were deleted between the two statements.
        const action = records.get(row.action_id);
        return action === undefined ? [] : [toBinding(row, action)];
      });
      return { items, ...(total === undefined ? {} : { total }) };
    },
    async listTriggersOf(actionId) {
      const query = db.selectFrom('action_bindings').select('trigger').distinct().where('action_id', '=', actionId);
      return (await query.orderBy('trigger').execute()).map((row) => row.trigger);
    },
    async replaceBindings(trigger, bindings) {
      await db.deleteFrom('action_bindings').where('trigger', '=', trigger).execute();
      if (bindings.length === 0) return;
      await db
        .insertInto('action_bindings')
        .values(
          bindings.map((binding, position) => ({
            trigger,
            position,
            id: binding.id,
            action_id: binding.actionId,
            display_name: binding.displayName,
            created_at: binding.createdAt,
            updated_at: binding.updatedAt,
          })),
        )
        .execute();
    },
  };
}
