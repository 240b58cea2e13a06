/** Routes of the pages about organizations. Each tab, member and connection of an organization has its own route. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readFind } from '../../parts/SearchField';
import { rootRoute } from '../../root';

/** Returns the search parameters named in `names`. Leaves out those that are empty or no text. */
function pick<Name extends string>(given: Record<string, unknown>, names: readonly Name[]): { [Key in Name]?: string } {
  const texts = names.flatMap((name) => {
    const value = given[name];
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(texts) as { [Key in Name]?: string };
}

const getParentRoute = () => rootRoute;

export const organizationRoutes = [
  createRoute({
    getParentRoute,
    path: '/organizations',
    validateSearch: readFind,
    component: lazyRouteComponent(() => import('./Organizations'), 'Organizations'),
  }),
  createRoute({
    getParentRoute,
    path: '/organizations/$organizationId',
    validateSearch: readFind,
    component: lazyRouteComponent(() => import('./Members'), 'Members'),
  }),
  createRoute({
    getParentRoute,
    path: '/organizations/$organizationId/members/$userId',
    component: lazyRouteComponent(() => import('./Member'), 'Member'),
  }),
  createRoute({
    getParentRoute,
    path: '/organizations/$organizationId/invitations',
    validateSearch: readFind,
    component: lazyRouteComponent(() => import('./Invitations'), 'Invitations'),
  }),
  createRoute({
    getParentRoute,
    path: '/organizations/$organizationId/invitations/new',
    validateSearch: (search): { email?: string; client?: string; connection?: string } =>
      pick(search, ['email', 'client', 'connection']),
    component: lazyRouteComponent(() => import('./Invite'), 'Invite'),
  }),
  createRoute({
    getParentRoute,
    path: '/organizations/$organizationId/connections',
    component: lazyRouteComponent(() => import('./OrganizationConnections'), 'OrganizationConnections'),
  }),
  createRoute({
    getParentRoute,
    path: '/organizations/$organizationId/connections/$connectionId',
    component: lazyRouteComponent(() => import('./OrganizationConnection'), 'OrganizationConnection'),
  }),
  createRoute({
    getParentRoute,
    path: '/organizations/$organizationId/applications',
    component: lazyRouteComponent(() => import('./OrganizationApplications'), 'OrganizationApplications'),
  }),
  createRoute({
    getParentRoute,
    path: '/organizations/$organizationId/changes',
    component: lazyRouteComponent(() => import('./changes/CustomerChanges'), 'CustomerChanges'),
  }),
  createRoute({
    getParentRoute,
    path: '/organizations/$organizationId/branding',
    component: lazyRouteComponent(() => import('./Branding'), 'Branding'),
  }),
  createRoute({
    getParentRoute,
    path: '/organizations/$organizationId/rollout',
    component: lazyRouteComponent(() => import('./Rollout'), 'Rollout'),
  }),
  createRoute({
    getParentRoute,
    path: '/organizations/$organizationId/settings',
    component: lazyRouteComponent(() => import('./OrganizationSettings'), 'OrganizationSettings'),
  }),
] as const;
