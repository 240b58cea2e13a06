/**
 * The page that changes the order in which a trigger's Actions run, by keyboard or pointer. If another operator has
 * changed the order meanwhile, shows both orders before one replaces the other.
 */
import { Select, Stack, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Loaded } from '../../parts/Loaded';
import { ActionsFrame } from './ActionsFrame';
import { OrderForm } from './OrderForm';
import { sayWeek, useBindings, useLoginsOfWeek } from './queries';
import { isTrigger, sayTrigger, TRIGGER_IDS } from './triggers';

export function Order() {
  const { trigger = 'post-login' } = useSearch({ from: '/actions/order' });
  const navigate = useNavigate();
  const bindings = useBindings(trigger);
  const logins = useLoginsOfWeek();
  const words = sayTrigger(trigger);
  return (
    <ActionsFrame>
      <Stack>
        <Select
          label="Trigger"
          value={trigger}
          allowDeselect={false}
          data={TRIGGER_IDS.map((id) => ({ value: id, label: sayTrigger(id).name }))}
          onChange={(value) => isTrigger(value) && void navigate({ to: '/actions/order', search: { trigger: value } })}
          maw={420}
        />
        <Text c="dimmed">
          {words.when}
          {trigger === 'post-login' && logins !== undefined && ` They run in ${sayWeek(logins)}.`}
        </Text>
        <Loaded query={bindings}>{(items) => <OrderForm key={trigger} trigger={trigger} bindings={items} />}</Loaded>
      </Stack>
    </ActionsFrame>
  );
}
