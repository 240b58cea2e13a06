/** The state of the tenant at a glance. */
import { Page } from '../../parts/Page';

export function Today() {
  return <Page title="Today">{null}</Page>;
}
