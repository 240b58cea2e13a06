/** The settings of the tenant. Each part has a tab. */
import { Outlet } from '@tanstack/react-router';
import { Page } from '../../parts/Page';
import { PageTabs } from '../../parts/PageTabs';

const PARTS = [
  { to: '/settings', name: 'General' },
  { to: '/settings/mail', name: 'Mail' },
  { to: '/settings/languages', name: 'Languages and texts' },
  { to: '/settings/look', name: 'Branding' },
  { to: '/settings/theme', name: 'Theme' },
  { to: '/settings/keys', name: 'Signing keys' },
  { to: '/settings/limits', name: 'Attack protection' },
  { to: '/settings/operators', name: 'Operators' },
  { to: '/settings/streams', name: 'Log streams' },
  { to: '/settings/api', name: 'API reference' },
];

export function Settings() {
  return (
    <Page title="Settings">
      <PageTabs label="Sections of the settings" tabs={PARTS} />
      <Outlet />
    </Page>
  );
}
