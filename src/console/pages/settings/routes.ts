/** Routes of the settings. Each tab has its own route. */
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../../root';

const settings = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./Settings'), 'Settings'),
});

/** The API reference is a page of its own and no tab of the settings, since nothing can be set there. */
const reference = createRoute({
  getParentRoute: () => rootRoute,
  path: '/settings/api',
  validateSearch: (search): { readonly find?: string } =>
    typeof search.find === 'string' && search.find !== '' ? { find: search.find } : {},
  component: lazyRouteComponent(() => import('./ApiReference'), 'ApiReference'),
});

const part = <const Path extends string>(path: Path, load: Parameters<typeof lazyRouteComponent>[0], name: string) =>
  createRoute({ getParentRoute: () => settings, path, component: lazyRouteComponent(load, name) });

export const settingsRoutes = [
  settings.addChildren([
    part('/', () => import('./General'), 'General'),
    part('/mail', () => import('./Mail'), 'Mail'),
    part('/languages', () => import('./Languages'), 'Languages'),
    part('/look', () => import('./Look'), 'Look'),
    part('/theme', () => import('./Theme'), 'Theme'),
    part('/keys', () => import('./Keys'), 'Keys'),
    part('/limits', () => import('./Limits'), 'Limits'),
    part('/second-factors', () => import('./SecondFactors'), 'SecondFactors'),
    part('/operators', () => import('./Operators'), 'Operators'),
    part('/streams', () => import('./Streams'), 'Streams'),
  ]),
  reference,
] as const;
