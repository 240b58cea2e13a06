/** The frame of the pages that are about all Actions: heading, parts, the deed that makes another one. */
import type { ReactNode } from 'react';
import { Page } from '../../parts/Page';
import { PageTabs } from '../../parts/PageTabs';
import { NewAction } from './NewAction';

const TABS = [
  { to: '/actions', name: 'All Actions' },
  { to: '/actions/order', name: 'Order' },
  { to: '/actions/modules', name: 'Modules' },
];

export interface ActionsFrameProps {
  /** Makes another one of what the page lists: an Action, if left out. */
  readonly deed?: ReactNode;
  readonly children: ReactNode;
}

export function ActionsFrame({ deed = <NewAction />, children }: ActionsFrameProps) {
  return (
    <Page
      title="Actions"
      lead="Your own code within a login. Each Action runs as it was deployed, in the order of its trigger."
      deeds={deed}
    >
      <PageTabs label="Parts of Actions" tabs={TABS} />
      {children}
    </Page>
  );
}
