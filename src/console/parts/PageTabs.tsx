/** The tabs of a page. Each is a link with its own address, so that back, bookmarks and a middle click work. */
import { Anchor } from '@mantine/core';
import { Link, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import classes from './PageTabs.module.css';

export interface PageTab {
  readonly to: string;
  readonly name: string;
}

export interface PageTabsProps {
  /** The name of the row of tabs for screen readers, for example "Parts of the settings". */
  readonly label: string;
  readonly tabs: readonly PageTab[];
}

/** Returns the tab to which an address belongs: the one with this address, otherwise the closest one above it. */
function findCurrent(tabs: readonly PageTab[], path: string): string | undefined {
  const above = tabs.map(({ to }) => decodeURI(to)).filter((to) => path === to || path.startsWith(`${to}/`));
  return above.sort((a, b) => b.length - a.length)[0];
}

/** Scrolls the current tab to the middle of the row in a narrow window. Scrolls only the row, not the page. */
function bringIntoRow(row: HTMLElement): void {
  const tab = row.querySelector('[aria-current="page"]');
  if (tab === null) return;
  const [outer, inner] = [row.getBoundingClientRect(), tab.getBoundingClientRect()];
  row.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
}

export function PageTabs({ label, tabs }: PageTabsProps) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const current = findCurrent(tabs, decodeURI(path));
  const row = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tab that is current is read from the page.
  useEffect(() => {
    const found = row.current;
    if (found === null) return;
    // The observer reports the row's size at first, and again when the window changes, for example when a phone is
    // rotated.
    const seen = new ResizeObserver(() => bringIntoRow(found));
    seen.observe(found);
    return () => seen.disconnect();
  }, [current]);
  return (
    <nav aria-label={label} className={classes.tabs} ref={row}>
      {tabs.map(({ to, name }) => (
        <Anchor
          key={to}
          component={Link}
          to={to}
          className={classes.tab}
          underline="never"
          // By default, a link also marks itself as current on pages below its address. Only an equal address should.
          activeOptions={{ exact: true }}
          aria-current={decodeURI(to) === current ? 'page' : undefined}
        >
          {name}
        </Anchor>
      ))}
    </nav>
  );
}
