/** Routes of the pages about applications and APIs. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readFind } from '../../parts/SearchField';
import { rootRoute } from '../../root';
import { isKit, type KitId } from './kits/ids';

export const applicationRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/applications',
    validateSearch: readFind,
    component: lazyRouteComponent(() => import('./Applications'), 'Applications'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/applications/apis',
    component: lazyRouteComponent(() => import('./Apis'), 'Apis'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/applications/apis/$apiId',
    component: lazyRouteComponent(() => import('./ApiPage'), 'ApiPage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/applications/roles',
    component: lazyRouteComponent(() => import('./roles/Roles'), 'Roles'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/applications/roles/$roleId',
    component: lazyRouteComponent(() => import('./roles/RolePage'), 'RolePage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/applications/$clientId',
    component: lazyRouteComponent(() => import('./ApplicationSettings'), 'ApplicationSettings'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/applications/$clientId/credentials',
    component: lazyRouteComponent(() => import('./Credentials'), 'Credentials'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/applications/$clientId/code',
    validateSearch: ({ kit }): { kit?: KitId } => (isKit(kit) ? { kit } : {}),
    component: lazyRouteComponent(() => import('./ReadyCode'), 'ReadyCode'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/applications/$clientId/customers',
    component: lazyRouteComponent(() => import('./customers/CustomersPage'), 'CustomersPage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/applications/$clientId/access',
    component: lazyRouteComponent(() => import('./Access'), 'Access'),
  }),
] as const;
