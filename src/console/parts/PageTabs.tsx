/** The parts of a page, each with an address of its own: links, so that back, bookmarks and a middle click work. */
import { Anchor } from '@mantine/core';
import { Link, useRouterState } from '@tanstack/react-router';
import classes from './PageTabs.module.css';

export interface PageTab {
  readonly to: string;
  readonly name: string;
}

export interface PageTabsProps {
  /** For screen readers: "Parts of the settings". */
  readonly label: string;
  readonly tabs: readonly PageTab[];
}

export function PageTabs({ label, tabs }: PageTabsProps) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <nav aria-label={label} className={classes.tabs}>
      {tabs.map(({ to, name }) => (
        <Anchor
          key={to}
          component={Link}
          to={to}
          className={classes.tab}
          underline="never"
          aria-current={decodeURI(path) === decodeURI(to) ? 'page' : undefined}
        >
          {name}
        </Anchor>
      ))}
    </nav>
  );
}
