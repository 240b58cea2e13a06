/**
 * The frame of the pages about one connection: name, kind, buttons, tabs. Loads the connection once for all these
 * pages.
 */
import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { FailureNote } from '../../parts/FailureNote';
import { Lead } from '../../parts/Lead';
import { Page } from '../../parts/Page';
import { PageTabs } from '../../parts/PageTabs';
import { sayStrategy } from '../../parts/strategy-words';
import { type Connection, nameOf } from './answers';
import { DeleteConnection } from './DeleteConnection';
import { useConnection } from './queries';
import { SetupLink } from './SetupLink';

const CRUMBS = [{ to: '/connections', name: 'Connections' }];

function tabsOf({ id, strategy }: Connection) {
  const own = `/connections/${id}`;
  return [
    { to: own, name: 'Settings' },
    { to: `${own}/organizations`, name: 'Organizations' },
    { to: `${own}/applications`, name: 'Applications' },
    ...(strategy === 'auth0' ? [] : [{ to: `${own}/directory`, name: 'Directory (SCIM)' }]),
  ];
}

export interface ConnectionFrameProps {
  readonly connectionId: string;
  children(connection: Connection): ReactNode;
}

export function ConnectionFrame({ connectionId, children }: ConnectionFrameProps) {
  const { data, error, refetch } = useConnection(connectionId);
  if (data === undefined)
    return (
      <Page title="Connection" crumbs={CRUMBS}>
        {error === null ? (
          <Skeleton height={160} aria-busy />
        ) : (
          <FailureNote error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    );
  return (
    <Page
      title={nameOf(data)}
      lead={
        <Lead id={data.id} idName="the id">
          <span>{`${sayStrategy(data.strategy)} · ${data.name}`}</span>
        </Lead>
      }
      crumbs={CRUMBS}
      buttons={
        <>
          {data.strategy !== 'auth0' && <SetupLink connection={data} />}
          <DeleteConnection connection={data} />
        </>
      }
    >
      <PageTabs label={`Sections of ${nameOf(data)}`} tabs={tabsOf(data)} />
      {children(data)}
    </Page>
  );
}
