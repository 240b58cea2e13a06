/** Refusals and everything else that was written down. */
import { Page } from '../../parts/Page';

export function Log() {
  return <Page title="Refusals and log">{null}</Page>;
}
