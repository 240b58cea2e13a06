/** The tabs of a page, each with its own address: links, so that back, bookmarks and a middle click work. */
import { Anchor } from '@mantine/core';
import { Link, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import classes from './PageTabs.module.css';

export interface PageTab {
  readonly to: string;
  readonly name: string;
}

export interface PageTabsProps {
  /** Names the tabs for screen readers: "Parts of the settings". */
  readonly label: string;
  readonly tabs: readonly PageTab[];
}

/** Returns the tab that an address belongs to: its own, or the nearest one above. */
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
    // The observer also reports the first size, and later ones when a telephone is rotated.
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
          // A link also marks itself for addresses that begin with its own; only an equal one should be marked.
          activeOptions={{ exact: true }}
          aria-current={decodeURI(to) === current ? 'page' : undefined}
        >
          {name}
        </Anchor>
      ))}
    </nav>
  );
}
