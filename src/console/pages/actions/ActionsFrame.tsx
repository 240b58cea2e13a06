/** The frame of the pages about all Actions: heading, tabs, and the button that creates an Action or a module. */
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
  /** The button that creates an item of the page's list. By default it creates an Action. */
  readonly button?: ReactNode;
  readonly children: ReactNode;
}

export function ActionsFrame({ button = <NewAction />, children }: ActionsFrameProps) {
  return (
    <Page
      title="Actions"
      lead="Your own code that runs during a sign-in. Deployed Actions run in the order of their trigger."
      buttons={button}
    >
      <PageTabs label="Sections of Actions" tabs={TABS} />
      {children}
    </Page>
  );
}
