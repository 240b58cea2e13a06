/** All addresses of the console, below /console. Each page is a separate file, fetched when it is first opened. */
import { createRouter } from '@tanstack/react-router';
import { actionRoutes } from './pages/actions/routes';
import { applicationRoutes } from './pages/applications/routes';
import { connectionRoutes } from './pages/connections/routes';
import { logRoutes } from './pages/log/routes';
import { organizationRoutes } from './pages/organizations/routes';
import { peopleRoutes } from './pages/people/routes';
import { settingsRoutes } from './pages/settings/routes';
import { todayRoutes } from './pages/today/routes';
import { rootRoute } from './root';

export const router = createRouter({
  basepath: '/console',
  routeTree: rootRoute.addChildren([
    ...todayRoutes,
    ...logRoutes,
    ...organizationRoutes,
    ...peopleRoutes,
    ...connectionRoutes,
    ...applicationRoutes,
    ...actionRoutes,
    ...settingsRoutes,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
