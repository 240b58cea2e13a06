/** Addresses of the pages of this folder. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root';

export const logRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/log',
    component: lazyRouteComponent(() => import('./Log'), 'Log'),
  }),
] as const;
