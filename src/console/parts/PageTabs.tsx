/** The parts of a page, each with an address of its own: links, so that back, bookmarks and a middle click work. */
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import classes from './PageTabs.module.css';

export interface PageTab {
  readonly to: string;
  readonly name: string;
}

/** The link itself marks the part that is open (`aria-current`). */
export interface PageTabsProps {
  /** For screen readers: "Parts of the settings". */
  readonly label: string;
  readonly tabs: readonly PageTab[];
}

export function PageTabs({ label, tabs }: PageTabsProps) {
  return (
    <nav aria-label={label} className={classes.tabs}>
      {tabs.map(({ to, name }) => (
        <Anchor
          key={to}
          component={Link}
          to={to}
          className={classes.tab}
          underline="never"
          activeOptions={{ exact: true }}
        >
          {name}
        </Anchor>
      ))}
    </nav>
  );
}
