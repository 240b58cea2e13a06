/** The frame of the pages about one module: name, state, tabs. */
import { Anchor, Group, Text } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Loaded } from '../../parts/Loaded';
import { Page } from '../../parts/Page';
import { PageTabs } from '../../parts/PageTabs';
import type { Module } from './answers';
import { ModuleState } from './ModuleState';
import { useModule } from './module-queries';

const CRUMBS = [
  { to: '/actions', name: 'Actions' },
  { to: '/actions/modules', name: 'Modules' },
];

/** Returns a number of Actions as a text, for example "3 Actions". */
export const sayActions = (uses: number): string => (uses === 1 ? '1 Action' : `${uses} Actions`);

function State({ module }: { readonly module: Module }) {
  const { id, actions_using_module_total: uses } = module;
  return (
    <Group gap="sm">
      <ModuleState module={module} />
      <Text c="dimmed" size="sm">
        {uses === 0 ? (
          'No deployed Action uses it.'
        ) : (
          <>
            Used by{' '}
            <Anchor size="sm" component={Link} to={`/actions/modules/${id}/uses`}>
              {sayActions(uses)}
            </Anchor>
          </>
        )}
      </Text>
    </Group>
  );
}

const tabsOf = (id: string) => [
  { to: `/actions/modules/${id}`, name: 'Draft' },
  { to: `/actions/modules/${id}/versions`, name: 'Versions' },
  { to: `/actions/modules/${id}/uses`, name: 'Used by' },
];

export function ModuleFrame({ children }: { readonly children: (module: Module) => ReactNode }) {
  const { moduleId = '' } = useParams({ strict: false });
  const module = useModule(moduleId);
  return (
    <Page title={module.data?.name ?? 'Module'} lead={module.data && <State module={module.data} />} crumbs={CRUMBS}>
      <Loaded query={module}>
        {(found) => (
          <>
            <PageTabs label="Sections of this module" tabs={tabsOf(moduleId)} />
            {children(found)}
          </>
        )}
      </Loaded>
    </Page>
  );
}
