/** Routes of the pages about Actions. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root';
import { isTrigger, type TriggerId } from './triggers';

const own = (name: string, value: unknown) => (typeof value === 'string' && value !== '' ? { [name]: value } : {});

export const actionRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/actions',
    component: lazyRouteComponent(() => import('./Actions'), 'Actions'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/actions/order',
    validateSearch: ({ trigger }): { trigger?: TriggerId } => (isTrigger(trigger) ? { trigger } : {}),
    component: lazyRouteComponent(() => import('./Order'), 'Order'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/actions/modules',
    component: lazyRouteComponent(() => import('./Modules'), 'Modules'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/actions/modules/$moduleId',
    component: lazyRouteComponent(() => import('./ModuleDraft'), 'ModuleDraft'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/actions/modules/$moduleId/versions',
    validateSearch: ({ version }): { version?: string } => own('version', version),
    component: lazyRouteComponent(() => import('./ModuleVersions'), 'ModuleVersions'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/actions/modules/$moduleId/uses',
    component: lazyRouteComponent(() => import('./ModuleUses'), 'ModuleUses'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/actions/$actionId',
    component: lazyRouteComponent(() => import('./Draft'), 'Draft'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/actions/$actionId/test',
    validateSearch: ({ login }): { login?: string } => own('login', login),
    component: lazyRouteComponent(() => import('./TryDraft'), 'TryDraft'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/actions/$actionId/versions',
    validateSearch: ({ version }): { version?: string } => own('version', version),
    component: lazyRouteComponent(() => import('./Versions'), 'Versions'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/actions/$actionId/executions',
    component: lazyRouteComponent(() => import('./Executions'), 'Executions'),
  }),
] as const;
