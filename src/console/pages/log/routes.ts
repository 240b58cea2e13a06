/** Routes of the log's pages. The page's address contains the filters. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { parseSearch } from '../../lines/search';
import { rootRoute } from '../../root';

export const logRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/log',
    validateSearch: parseSearch,
    component: lazyRouteComponent(() => import('./Log'), 'Log'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/log/$logId',
    component: lazyRouteComponent(() => import('./Line'), 'Line'),
  }),
] as const;
