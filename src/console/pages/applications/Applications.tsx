/** Applications and APIs. */
import { Page } from '../../parts/Page';

export function Applications() {
  return <Page title="Applications and APIs">{null}</Page>;
}
