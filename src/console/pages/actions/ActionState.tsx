/** Whether an Action runs, and whether its draft is what runs. Told in words, never by colour alone. */
import { Badge, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Action } from './answers';

function Mark({ color, children }: { readonly color: string; readonly children: ReactNode }) {
  return (
    <Badge
      color={color}
      variant="light"
      // Round at its ends on two lines, too.
      radius="lg"
      h="auto"
      py={2}
      styles={{ label: { whiteSpace: 'normal' } }}
    >
      {children}
    </Badge>
  );
}

export interface ActionStateProps {
  readonly action: Action;
  /** In the order of its trigger; undefined while that is not known. */
  readonly isBound: boolean | undefined;
}

export function ActionState({ action, isBound }: ActionStateProps) {
  const { deployed_version: deployed, all_changes_deployed: isSame } = action;
  if (deployed === undefined) return <Mark color="gray">Draft, never deployed</Mark>;
  return (
    <Group gap={6}>
      {isBound === false ? (
        <Mark color="yellow">Deployed, but in no order: does not run</Mark>
      ) : (
        <Mark color="teal">Runs: version {deployed.number}</Mark>
      )}
      {!isSame && <Mark color="yellow">Draft changed since</Mark>}
    </Group>
  );
}
