/** The root of all routes. The folders of pages/ add their routes to it. */
import { createRootRoute } from '@tanstack/react-router';
import { FailureNote } from './parts/FailureNote';
import { Page } from './parts/Page';
import { Shell } from './Shell';

function Unknown() {
  return (
    <Page title="There is nothing here">
      <p>The address leads to no page of the console. Choose one at the left.</p>
    </Page>
  );
}

export const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: Unknown,
  errorComponent: ({ error, reset }) => (
    <Page title="This page could not be shown">
      <FailureNote error={error} onRetry={reset} />
    </Page>
  ),
});
