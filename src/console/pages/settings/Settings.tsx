/** The settings of the tenant. */
import { Page } from '../../parts/Page';

export function Settings() {
  return <Page title="Settings">{null}</Page>;
}
