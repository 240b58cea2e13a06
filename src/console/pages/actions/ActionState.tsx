/**
 * Shows whether an Action runs, and whether its draft differs from the deployed version. Says both in words, never by
 * color alone.
 */
import { Group } from '@mantine/core';
import type { Action } from './answers';
import { Mark } from './Mark';

export interface ActionStateProps {
  readonly action: Action;
  /** True if the Action is in the order of its trigger; undefined while unknown. */
  readonly isBound: boolean | undefined;
}

export function ActionState({ action, isBound }: ActionStateProps) {
  const { deployed_version: deployed, all_changes_deployed: isSame, status } = action;
  const hasErrors = status === 'failed';
  if (deployed === undefined)
    return hasErrors ? (
      <Mark color="red">Draft with errors, never deployed</Mark>
    ) : (
      <Mark color="gray">Draft, never deployed</Mark>
    );
  return (
    <Group gap={6}>
      {isBound === false ? (
        <Mark color="yellow">Deployed, but not in the order: does not run</Mark>
      ) : (
        <Mark color="teal">Runs: version {deployed.number}</Mark>
      )}
      {!isSame &&
        (hasErrors ? (
          <Mark color="red">Draft has errors</Mark>
        ) : (
          <Mark color="yellow">Draft has undeployed changes</Mark>
        ))}
    </Group>
  );
}
