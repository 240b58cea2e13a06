/**
 * Shows whether a module is published, and whether its draft differs from the newest version. Says both in words, never
 * by color alone.
 */
import { Group } from '@mantine/core';
import type { Module } from './answers';
import { Mark } from './Mark';

export function ModuleState({ module }: { readonly module: Module }) {
  const { latest_version_number: latest, all_changes_published: isSame } = module;
  if (latest === undefined) return <Mark color="gray">Draft, never published</Mark>;
  return (
    <Group gap={6}>
      <Mark color="teal">Newest version: {latest}</Mark>
      {!isSame && <Mark color="yellow">Draft has unpublished changes</Mark>}
    </Group>
  );
}
