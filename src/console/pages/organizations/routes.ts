/** Addresses of the pages of this folder. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root';

export const organizationRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/organizations',
    component: lazyRouteComponent(() => import('./Organizations'), 'Organizations'),
  }),
] as const;
