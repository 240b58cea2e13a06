/** The frame of the lists of applications and of APIs. */
import type { ReactNode } from 'react';
import { Page } from '../../parts/Page';
import { PageTabs } from '../../parts/PageTabs';

const TABS = [
  { to: '/applications', name: 'Applications' },
  { to: '/applications/apis', name: 'APIs' },
  { to: '/applications/roles', name: 'Roles' },
];

export interface ApplicationsFrameProps {
  readonly buttons: ReactNode;
  readonly children: ReactNode;
}

export function ApplicationsFrame({ buttons, children }: ApplicationsFrameProps) {
  return (
    <Page
      title="Applications and APIs"
      lead="Applications send people here to sign in. APIs accept the resulting tokens."
      buttons={buttons}
    >
      <PageTabs label="Sections of applications and APIs" tabs={TABS} />
      {children}
    </Page>
  );
}
