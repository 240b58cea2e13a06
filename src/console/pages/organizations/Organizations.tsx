/** The list of organizations. */
import { Page } from '../../parts/Page';

export function Organizations() {
  return <Page title="Organizations">{null}</Page>;
}
