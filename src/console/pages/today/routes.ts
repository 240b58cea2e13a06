/** Addresses of the pages of this folder. The range of the chart is in the address. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root';

export const todayRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/',
    validateSearch: (search): { readonly days?: 30 } => (Number(search.days) === 30 ? { days: 30 } : {}),
    component: lazyRouteComponent(() => import('./Today'), 'Today'),
  }),
] as const;
