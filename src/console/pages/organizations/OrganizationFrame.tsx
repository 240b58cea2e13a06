/**
 * The frame of the pages about one organization: name, back link, tabs. Shows no tabs until the organization is loaded.
 */
import { Badge, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { FailureNote } from '../../parts/FailureNote';
import { Lead } from '../../parts/Lead';
import { Page } from '../../parts/Page';
import { PageTabs } from '../../parts/PageTabs';
import type { Organization } from './answers';
import { useOrganization } from './queries';

const TABS = [
  ['', 'Members'],
  ['/invitations', 'Invitations'],
  ['/connections', 'Connections'],
  ['/applications', 'Applications'],
  ['/changes', 'Their changes'],
  ['/branding', 'Branding'],
  ['/rollout', 'Rollout'],
  ['/settings', 'Settings'],
] as const;

const tabsOf = (id: string) => TABS.map(([rest, name]) => ({ to: `/organizations/${id}${rest}`, name }));

export interface OrganizationFrameProps {
  readonly id: string;
  readonly buttons?: ReactNode;
  children(organization: Organization): ReactNode;
}

export function OrganizationFrame({ id, buttons, children }: OrganizationFrameProps) {
  const { data, error, refetch } = useOrganization(id);
  const crumbs = [{ to: '/organizations', name: 'Organizations' }];
  if (data === undefined)
    return (
      <Page title="Organization" crumbs={crumbs}>
        {error ? <FailureNote error={error} onRetry={() => void refetch()} /> : <Skeleton height={160} />}
      </Page>
    );
  const lead = (
    <Lead id={data.id} idName="the id">
      <span>{data.name}</span>
      {data.blocked && (
        <Badge color="red" variant="light">
          Blocked: nobody can sign in
        </Badge>
      )}
    </Lead>
  );
  return (
    <Page title={data.display_name} lead={lead} crumbs={crumbs} buttons={buttons}>
      <PageTabs label="Sections of this organization" tabs={tabsOf(id)} />
      {children(data)}
    </Page>
  );
}
