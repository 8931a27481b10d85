import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { expectProject, expectRun } from '../data/queries.ts';
import { isRedeeming } from '../data/session.ts';
import { NotFound } from './not-found.tsx';
import { PageError } from './page-error.tsx';
import { parsePageSearch, printPageSearch, type PageSearch } from './page-search.ts';
import { Shell } from './shell.tsx';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: (search: PageSearch): PageSearch => search,
});

const projects = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('../projects/projects-page.tsx'), 'ProjectsPage'),
});

const authorize = createRoute({
  getParentRoute: () => root,
  path: '/authorize',
  component: lazyRouteComponent(() => import('./authorize-page.tsx'), 'AuthorizePage'),
});

const project = createRoute({
  getParentRoute: () => root,
  path: '/$entity/$project',
  loader: ({ params }) => {
    if (!isRedeeming()) expectProject(params.entity, params.project);
  },
  component: lazyRouteComponent(() => import('../runs/project-page.tsx'), 'ProjectPage'),
  // Another project is another page: nothing of the one before stands in for it.
  remountDeps: ({ params }) => params,
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/$entity/$project/runs/$run',
  loader: ({ params }) => {
    if (!isRedeeming()) expectRun(params);
  },
  component: lazyRouteComponent(() => import('../run/run-page.tsx'), 'RunPage'),
  remountDeps: ({ params }) => params,
});

/** Addresses that W&B's pages have and people paste: they lead to the nearest of ours. */
const olderProject = createRoute({
  getParentRoute: () => root,
  path: '/$entity/$project/$page',
  beforeLoad: ({ params: { entity, project: name, page } }) => {
    if (['workspace', 'table', 'runs', 'overview'].includes(page))
      // oxlint-disable-next-line typescript/only-throw-error -- the router's way to redirect
      throw redirect({ to: '/$entity/$project', params: { entity, project: name } });
  },
  component: NotFound,
});
const olderRun = createRoute({
  getParentRoute: () => root,
  path: '/$entity/$project/runs/$run/$page',
  beforeLoad: ({ params: { entity, project: name, run: id, page } }) => {
    // oxlint-disable-next-line typescript/only-throw-error -- the router's way to redirect
    throw redirect({
      to: '/$entity/$project/runs/$run',
      params: { entity, project: name, run: id },
      search: ['logs', 'files', 'system'].includes(page) ? { tab: page } : {},
    });
  },
});

export const router = createRouter({
  routeTree: root.addChildren([projects, authorize, project, run, olderProject, olderRun]),
  parseSearch: parsePageSearch,
  stringifySearch: printPageSearch,
  defaultPendingMs: 150,
  defaultErrorComponent: PageError,
  defaultStructuralSharing: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
