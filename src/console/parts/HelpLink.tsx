/**
 * A link to the part of the documentation about a page. It opens a new window, so that text typed on the page is not
 * lost.
 */
import { Anchor, Group } from '@mantine/core';
import { IconHelp } from '@tabler/icons-react';
import { useRouterState } from '@tanstack/react-router';
import { findHelp } from '../help-pages';

export function HelpLink() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const { href, name } = findHelp(path);
  return (
    <Anchor size="sm" href={href} target="_blank" rel="noopener" aria-label={`Help: ${name}`}>
      <Group component="span" gap={4} wrap="nowrap">
        <IconHelp size={16} aria-hidden />
        Help
      </Group>
    </Anchor>
  );
}
