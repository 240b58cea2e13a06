/** The list of Actions. */
import { Page } from '../../parts/Page';

export function Actions() {
  return <Page title="Actions">{null}</Page>;
}
