/**
 * Routes of the page Today and its lists. The range of the chart and the state of the invitations are in the address.
 */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { type FindSearch, readFind } from '../../parts/SearchField';
import { rootRoute } from '../../root';

export const todayRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/',
    validateSearch: (search): { readonly days?: 30 } => (Number(search.days) === 30 ? { days: 30 } : {}),
    component: lazyRouteComponent(() => import('./Today'), 'Today'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/invitations',
    validateSearch: (search): FindSearch & { readonly state?: 'expired' } => ({
      ...readFind(search),
      ...(search.state === 'expired' && { state: 'expired' }),
    }),
    component: lazyRouteComponent(() => import('./AllInvitations'), 'AllInvitations'),
  }),
] as const;
