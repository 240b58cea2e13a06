/**
 * Routes of the page Today and of the list of invitations. Addresses contain the chart's number of days and the list's
 * filters, so copied links keep them.
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
