/**
 * The frame of every page: the heading with its actions and help, and a link above it that leads back to the same place
 * in a list. Moves the focus to the heading, so that a screen reader reads it.
 */
import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { HelpLink } from './HelpLink';
import classes from './Page.module.css';
import { recallPlace } from './use-pages';

export interface Crumb {
  readonly to: string;
  readonly name: string;
}

export interface PageProps {
  readonly title: string;
  /** Content below the heading: one sentence, or kind and id of an object (`Lead`). */
  readonly lead?: ReactNode;
  readonly crumbs?: readonly Crumb[];
  /** Buttons, or a state, at the right of the heading. */
  readonly buttons?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, lead, crumbs = [], buttons, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Vestibule`;
    // The palette may be opened before the page has its title: the focus then stays in the dialog.
    if (document.querySelector('[aria-modal="true"]') === null) heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <Stack gap="lg" maw={1200}>
      <div>
        {crumbs.length > 0 && (
          <Breadcrumbs mb={4}>
            {crumbs.map(({ to, name }) => (
              <Anchor key={to} component={Link} to={to} {...(recallPlace(to) as object)} size="sm">
                {name}
              </Anchor>
            ))}
          </Breadcrumbs>
        )}
        <Group justify="space-between" align="start" gap="sm">
          <div className={classes.name}>
            <Group gap="sm" align="center">
              <Title order={1} size="h2" ref={heading} tabIndex={-1} className={classes.title} dir="auto">
                {title}
              </Title>
              <HelpLink />
            </Group>
            {lead && (
              <Text c="dimmed" mt={4} component="div">
                {lead}
              </Text>
            )}
          </div>
          {buttons && <Group gap="sm">{buttons}</Group>}
        </Group>
      </div>
      {children}
    </Stack>
  );
}
