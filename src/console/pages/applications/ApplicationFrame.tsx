/** The frame of the pages about one application: name, kind, id, tabs. */
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Lead } from '../../parts/Lead';
import { Loaded } from '../../parts/Loaded';
import { Page } from '../../parts/Page';
import { PageTabs } from '../../parts/PageTabs';
import type { Client } from './answers';
import { useClient } from './queries';
import { sayKind, signsPeopleIn } from './words';

const CRUMBS = [{ to: '/applications', name: 'Applications and APIs' }];

function tabsOf(id: string, client: Client) {
  const at = `/applications/${encodeURIComponent(id)}`;
  return [
    { to: at, name: 'Settings' },
    { to: `${at}/credentials`, name: 'Credentials' },
    { to: `${at}/access`, name: 'Connections and APIs' },
    ...(signsPeopleIn(client) ? [{ to: `${at}/customers`, name: 'Customers' }] : []),
    { to: `${at}/code`, name: 'Ready code' },
  ];
}

function Kind({ client }: { readonly client: Client }) {
  return (
    <Lead id={client.client_id} idName="the client ID">
      <span>{sayKind(client.app_type)}</span>
    </Lead>
  );
}

export function ApplicationFrame({ children }: { readonly children: (client: Client) => ReactNode }) {
  const { clientId = '' } = useParams({ strict: false });
  const client = useClient(clientId);
  return (
    <Page
      title={client.data?.name ?? 'Application'}
      lead={client.data && <Kind client={client.data} />}
      crumbs={CRUMBS}
    >
      <Loaded query={client}>
        {(found) => (
          <>
            <PageTabs label="Sections of this application" tabs={tabsOf(clientId, found)} />
            {children(found)}
          </>
        )}
      </Loaded>
    </Page>
  );
}
