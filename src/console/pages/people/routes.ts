/** Routes of the pages about people. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root';

/** The filters of the list of people. A missing property means no filter. */
interface PeopleSearch {
  readonly q?: string;
  readonly show?: 'blocked' | 'unverified';
}

function validateSearch({ q, show }: Record<string, unknown>): PeopleSearch {
  return {
    ...((typeof q === 'string' || typeof q === 'number') && q !== '' && { q: String(q) }),
    ...((show === 'blocked' || show === 'unverified') && { show }),
  };
}

export const peopleRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/people',
    validateSearch,
    component: lazyRouteComponent(() => import('./People'), 'People'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/people/new',
    component: lazyRouteComponent(() => import('./NewPerson'), 'NewPerson'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/people/$userId',
    component: lazyRouteComponent(() => import('./Person'), 'Person'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/people/$userId/factors',
    component: lazyRouteComponent(() => import('./PersonFactors'), 'PersonFactors'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/people/$userId/organizations',
    component: lazyRouteComponent(() => import('./PersonOrganizations'), 'PersonOrganizations'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/people/$userId/sessions',
    component: lazyRouteComponent(() => import('./PersonSessions'), 'PersonSessions'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/people/$userId/log',
    component: lazyRouteComponent(() => import('./PersonLog'), 'PersonLog'),
  }),
] as const;
