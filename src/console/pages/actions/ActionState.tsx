/** Whether an Action runs, and whether its draft is what runs. Told in words, never by colour alone. */
import { Badge, Group } from '@mantine/core';
import type { Action } from './answers';

export interface ActionStateProps {
  readonly action: Action;
  /** In the order of its trigger; undefined while that is not known. */
  readonly isBound: boolean | undefined;
}

export function ActionState({ action, isBound }: ActionStateProps) {
  const { deployed_version: deployed, all_changes_deployed: isSame } = action;
  if (deployed === undefined)
    return (
      <Badge color="gray" variant="outline" tt="none">
        Draft, never deployed
      </Badge>
    );
  return (
    <Group gap={6}>
      {isBound === false ? (
        <Badge color="yellow" variant="outline" tt="none" c="var(--mantine-color-text)">
          Deployed, but in no order: does not run
        </Badge>
      ) : (
        <Badge color="teal" variant="outline" tt="none" c="var(--mantine-color-text)">
          Runs: version {deployed.number}
        </Badge>
      )}
      {!isSame && (
        <Badge color="yellow" variant="outline" tt="none" c="var(--mantine-color-text)">
          Draft changed since
        </Badge>
      )}
    </Group>
  );
}
