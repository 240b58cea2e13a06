/** The settings of the tenant. Each part has a tab. */
import { Outlet } from '@tanstack/react-router';
import { API_REFERENCE, SETTINGS } from '../../finder/places';
import { Page } from '../../parts/Page';
import { PageTabs } from '../../parts/PageTabs';

export function Settings() {
  return (
    <Page title="Settings">
      <PageTabs label="Sections of the settings" tabs={[...SETTINGS, API_REFERENCE]} />
      <Outlet />
    </Page>
  );
}
