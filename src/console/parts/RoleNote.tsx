/**
 * Tells operators whose roles permit only reading why they can change nothing here. Renders nothing for others. The
 * server decides about each request.
 */
import { Text } from '@mantine/core';
import { usePowers } from '../session/powers';

export interface RoleNoteProps {
  /** The scopes for changes; one of them is enough. */
  readonly scopes: readonly string[];
  /** Name of the things that the page shows, for the sentence, for example "the limits". */
  readonly shown?: string;
}

export function RoleNote({ scopes, shown = 'these settings' }: RoleNoteProps) {
  const may = usePowers();
  if (scopes.some(may)) return null;
  return (
    <Text size="sm" c="dimmed">
      Your role can view {shown}, but cannot change them. Ask an owner.
    </Text>
  );
}
