/** Addresses of the pages of this folder. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root';

export const applicationRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/applications',
    component: lazyRouteComponent(() => import('./Applications'), 'Applications'),
  }),
] as const;
