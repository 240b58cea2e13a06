/**
 * The list in which an operator orders Actions. They drag its rows, or use buttons, whose effect a screen reader
 * announces. Logins are affected only after "Save".
 */
import { Text, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { carry, ifStill } from '../../api/version';
import { EditForm, ignoreEnter } from '../../parts/EditForm';
import type { FieldsOf } from '../../parts/form-fields';
import { Select } from '../../parts/inputs';
import { useEdit } from '../../parts/use-edit';
import { usePowers } from '../../session/powers';
import type { Binding } from './answers';
import { OrderRow } from './OrderRow';
import { BINDINGS, readBindings, useDeployed } from './queries';
import type { TriggerId } from './triggers';

/** The names of the Actions in order, so that the orders of two operators can be compared as text. */
type OrderValues = { readonly order: readonly string[] };

const FIELDS: FieldsOf<OrderValues> = { order: { kind: 'own', label: 'Order' } };

const toValues = (bindings: readonly Binding[]): OrderValues => ({ order: bindings.map(({ action }) => action.name) });

/** Returns the order after moving the item at `from` to `to`. */
function moved(order: readonly string[], from: number, to: number): readonly string[] {
  const rest = order.filter((_, at) => at !== from);
  const item = order[from];
  return item === undefined ? order : [...rest.slice(0, to), item, ...rest.slice(to)];
}

async function save(trigger: TriggerId, order: readonly string[], version: string | undefined): Promise<void> {
  await api.PATCH('/actions/triggers/{triggerId}/bindings', {
    ...ifStill(version),
    params: { path: { triggerId: trigger } },
    body: { bindings: order.map((value) => ({ ref: { type: 'action_name' as const, value } })) },
  });
  await queryClient.invalidateQueries({ queryKey: BINDINGS });
}

export interface OrderFormProps {
  readonly trigger: TriggerId;
  readonly bindings: readonly Binding[];
}

export function OrderForm({ trigger, bindings }: OrderFormProps) {
  const [told, setTold] = useState('');
  const may = usePowers()('update:actions');
  const deployed = useDeployed(trigger);
  const edit = useEdit<OrderValues>({
    fields: FIELDS,
    loaded: toValues(bindings),
    reload: async () => carry(await readBindings(trigger), toValues),
    write: ({ order = [] }, version) => save(trigger, order, version),
  });
  const { order } = edit.values;
  const move = (from: number, to: number) => {
    if (to < 0 || to >= order.length || from === to) return;
    edit.set({ order: moved(order, from, to) });
    setTold(`${order[from]} is now number ${to + 1} of ${order.length}. Not saved yet.`);
  };
  const remove = (name: string) => {
    edit.set({ order: order.filter((other) => other !== name) });
    setTold(`${name} was removed from the order. Not saved yet.`);
  };
  const idle = (deployed.data ?? []).filter(({ name }) => !order.includes(name));
  return (
    <EditForm edit={edit} scope="update:actions" lock="readOnly" maw={720}>
      {order.length === 0 && <Text c="dimmed">No Action runs for this trigger.</Text>}
      <ol
        style={{
          listStyle: 'none',
          margin: 0,
          padding: 0,
          display: 'grid',
          gridTemplateColumns: 'minmax(0, 1fr)',
          gap: 8,
        }}
      >
        {order.map((name, at) => (
          <OrderRow
            key={name}
            name={name}
            at={at}
            length={order.length}
            actionId={
              [...bindings.map(({ action }) => action), ...(deployed.data ?? [])].find((one) => one.name === name)?.id
            }
            fixed={!may}
            onMove={move}
            onRemove={() => remove(name)}
          />
        ))}
      </ol>
      <VisuallyHidden role="status">{told}</VisuallyHidden>
      {may && (
        <>
          <Select
            fills="bindings"
            label="Add Action"
            description="Adds a deployed Action at the end of the order."
            placeholder={idle.length === 0 ? 'No other deployed Action' : 'Choose an Action'}
            disabled={idle.length === 0}
            data={idle.map(({ name }) => name)}
            value={null}
            onChange={(name) => name !== null && edit.set({ order: [...order, name] })}
            onKeyDown={ignoreEnter}
            searchable
          />
          {edit.isDirty && (
            <Text size="sm">After you save, this order applies to every new sign-in, on every node.</Text>
          )}
        </>
      )}
    </EditForm>
  );
}
