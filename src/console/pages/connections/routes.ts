/** Routes of the pages about connections. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readFind } from '../../parts/SearchField';
import { rootRoute } from '../../root';

export interface NewConnectionSearch {
  readonly provider?: string;
  readonly organization?: string;
}

export const connectionRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/connections',
    validateSearch: readFind,
    component: lazyRouteComponent(() => import('./Connections'), 'Connections'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/connections/new',
    validateSearch: ({ provider, organization }: Record<string, unknown>): NewConnectionSearch => ({
      ...(typeof provider === 'string' && { provider }),
      // The organization for which the connection is created. At the end, the page offers to enable the connection for
      // it.
      ...(typeof organization === 'string' && { organization }),
    }),
    component: lazyRouteComponent(() => import('./NewConnection'), 'NewConnection'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/connections/$connectionId',
    component: lazyRouteComponent(() => import('./Connection'), 'Connection'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/connections/$connectionId/organizations',
    component: lazyRouteComponent(() => import('./ConnectionOrganizations'), 'ConnectionOrganizations'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/connections/$connectionId/applications',
    component: lazyRouteComponent(() => import('./ConnectionApplications'), 'ConnectionApplications'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/connections/$connectionId/directory',
    component: lazyRouteComponent(() => import('./ConnectionDirectory'), 'ConnectionDirectory'),
  }),
] as const;
