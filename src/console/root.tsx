/** The root of all routes. Each folder of pages/ adds its routes to it. */
import { createRootRoute } from '@tanstack/react-router';
import { FailureNote } from './parts/FailureNote';
import { Page } from './parts/Page';
import { Shell } from './Shell';

function Unknown() {
  return (
    <Page title="Page not found">
      <p>No page of the console has this address. Choose one from the menu.</p>
    </Page>
  );
}

export const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: Unknown,
  errorComponent: ({ error, reset }) => (
    <Page title="Couldn’t show this page">
      <FailureNote error={error} onRetry={reset} />
    </Page>
  ),
});
