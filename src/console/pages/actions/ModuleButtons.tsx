/**
 * Buttons that publish the saved draft of a module as a new version, or delete the module. Their dialogs first say how
 * many Actions use the module.
 */
import { Group, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { usePowers } from '../../session/powers';
import type { Module } from './answers';
import { MODULES } from './queries';
import { sayDeletion, sayNext, sayNoLoginChanges } from './say-uses';

/** Returns why the draft cannot be published; undefined if it can. */
function findObstacle(module: Module, isDirty: boolean): string | undefined {
  if (isDirty) return 'Save the draft first. Only the saved draft is published.';
  if (module.all_changes_published) return `The draft is already published as version ${module.latest_version_number}.`;
  return undefined;
}

export function ModuleButtons({ module, isDirty }: { readonly module: Module; readonly isDirty: boolean }) {
  const may = usePowers();
  const navigate = useNavigate();
  const { id, name, actions_using_module_total: uses, latest_version_number: latest } = module;
  const obstacle = findObstacle(module, isDirty);
  const next = (latest ?? 0) + 1;
  const params = { params: { path: { id } } };
  return (
    <Group justify="space-between">
      <Group gap="sm">
        {may('create:actions') && (
          <ConfirmButton
            {...(obstacle === undefined && { variant: 'filled' })}
            verb="Publish module"
            question={`Publish ${name}?`}
            effect={`${sayNext(latest)} ${sayNoLoginChanges(uses, `an Action is deployed with version ${next}`)}`}
            run={() => api.POST('/actions/modules/{id}/versions', params)}
            changes={[MODULES]}
            disabled={obstacle !== undefined}
          />
        )}
        {may('create:actions') && obstacle !== undefined && (
          <Text size="sm" c="dimmed">
            {obstacle}
          </Text>
        )}
      </Group>
      {may('delete:actions') && (
        <ConfirmButton
          verb="Delete module"
          question={`Delete ${name}?`}
          effect={sayDeletion(uses, latest)}
          danger
          run={() => api.DELETE('/actions/modules/{id}', params)}
          changes={[
            [...MODULES, 'list'],
            [...MODULES, 'every'],
          ]}
          onDone={() => void navigate({ to: '/actions/modules', ignoreBlocker: true })}
        />
      )}
    </Group>
  );
}
