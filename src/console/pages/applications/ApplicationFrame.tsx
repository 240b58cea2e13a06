/** The frame of the pages about one application: its name, its kind, its id, its parts. */
import { Group, Text } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CopyText } from '../../parts/CopyText';
import { Loaded } from '../../parts/Loaded';
import { Page } from '../../parts/Page';
import { PageTabs } from '../../parts/PageTabs';
import type { Client } from './answers';
import { useClient } from './queries';
import { sayKind } from './words';

const CRUMBS = [{ to: '/applications', name: 'Applications and APIs' }];

function tabsOf(id: string) {
  const at = `/applications/${encodeURIComponent(id)}`;
  return [
    { to: at, name: 'Settings' },
    { to: `${at}/credentials`, name: 'Credentials' },
    { to: `${at}/access`, name: 'Connections and APIs' },
    { to: `${at}/code`, name: 'Ready code' },
  ];
}

export function ApplicationFrame({ children }: { readonly children: (client: Client) => ReactNode }) {
  const { clientId = '' } = useParams({ strict: false });
  const client = useClient(clientId);
  return (
    <Page title={client.data?.name ?? 'Application'} crumbs={CRUMBS}>
      <Loaded query={client}>
        {(found) => (
          <>
            <Group gap="sm">
              <Text c="dimmed" size="sm">
                {sayKind(found.app_type)}
              </Text>
              <CopyText text={found.client_id} name="the client ID" />
            </Group>
            <PageTabs label="Parts of this application" tabs={tabsOf(clientId)} />
            {children(found)}
          </>
        )}
      </Loaded>
    </Page>
  );
}
