/** The frame of the pages about one Action: name, state, tabs. */
import { Group, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Loaded } from '../../parts/Loaded';
import { Page } from '../../parts/Page';
import { PageTabs } from '../../parts/PageTabs';
import { ActionState } from './ActionState';
import { type Action, triggerOf } from './answers';
import { useAction, useBindings } from './queries';
import { sayTrigger } from './triggers';

const CRUMBS = [{ to: '/actions', name: 'Actions' }];

/** True if the Action is in the order of its trigger. Deployed Actions run only then. Undefined while unknown. */
export function useIsBound(action: Action): boolean | undefined {
  const { data } = useBindings(triggerOf(action));
  return data?.some((binding) => binding.action.id === action.id);
}

function State({ action }: { readonly action: Action }) {
  return (
    <Group gap="sm">
      <ActionState action={action} isBound={useIsBound(action)} />
      <Text c="dimmed" size="sm">
        Trigger: {sayTrigger(triggerOf(action)).name}
      </Text>
    </Group>
  );
}

const tabsOf = (id: string) => [
  { to: `/actions/${id}`, name: 'Draft' },
  { to: `/actions/${id}/test`, name: 'Test' },
  { to: `/actions/${id}/versions`, name: 'Versions' },
  { to: `/actions/${id}/executions`, name: 'Executions' },
];

export function ActionFrame({ children }: { readonly children: (action: Action) => ReactNode }) {
  const { actionId = '' } = useParams({ strict: false });
  const action = useAction(actionId);
  return (
    <Page title={action.data?.name ?? 'Action'} lead={action.data && <State action={action.data} />} crumbs={CRUMBS}>
      <Loaded query={action}>
        {(found) => (
          <>
            <PageTabs label="Sections of this Action" tabs={tabsOf(actionId)} />
            {children(found)}
          </>
        )}
      </Loaded>
    </Page>
  );
}
