/** Addresses of the pages of this folder. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root';

export const actionRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/actions',
    component: lazyRouteComponent(() => import('./Actions'), 'Actions'),
  }),
] as const;
