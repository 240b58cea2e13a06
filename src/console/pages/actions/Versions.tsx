/** The page that lists the deployed versions of an Action. Compares each with the draft, or deploys it again. */
import { Checkbox, Stack, Text } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import type { Column } from '../../parts/ListTable';
import { usePowers } from '../../session/powers';
import { ActionFrame } from './ActionFrame';
import type { Action, Version } from './answers';
import { toModuleText } from './code-values';
import { useDeployEffect } from './DeployButtons';
import { ACTIONS, BINDINGS, useVersions } from './queries';
import { VersionList } from './VersionList';

function RollBack({ action, version }: { readonly action: Action; readonly version: Version }) {
  const [withDraft, setWithDraft] = useState(false);
  const effect = useDeployEffect(action);
  const params = { path: { actionId: action.id, id: version.id } };
  return (
    <ConfirmButton
      size="xs"
      verb="Deploy again"
      question={`Deploy version ${version.number} again?`}
      effect={
        <Stack gap="sm">
          <Text>
            This deploys a new version with the code, packages and secrets of version {version.number}. {effect}
          </Text>
          <Checkbox
            label="Also overwrite the draft with it"
            checked={withDraft}
            onChange={(event) => setWithDraft(event.currentTarget.checked)}
          />
        </Stack>
      }
      run={() =>
        api.POST('/actions/actions/{actionId}/versions/{id}/deploy', {
          params,
          ...(withDraft && { body: { update_draft: true } }),
        })
      }
      changes={[ACTIONS, BINDINGS]}
    />
  );
}

function Body({ action }: { readonly action: Action }) {
  const { version: chosen } = useSearch({ from: '/actions/$actionId/versions' });
  const may = usePowers();
  const back: Column<Version> = {
    name: 'Deploy again',
    isButtons: true,
    cell: (version) => (version.deployed ? null : <RollBack action={action} version={version} />),
  };
  const modules: Column<Version> = {
    name: 'Modules',
    wide: true,
    cell: (version) => version.modules.map(toModuleText).join(', ') || 'none',
  };
  return (
    <VersionList
      list={useVersions(action.id)}
      to={`/actions/${action.id}/versions`}
      chosen={chosen}
      draft={action.code}
      numberOf={({ number }) => number}
      sayMade={({ built_at: at }) => ['deployed', at]}
      mark={({ deployed }) => (deployed ? 'currently deployed' : undefined)}
      more={may('create:actions') ? [modules, back] : [modules]}
      empty="Nothing is deployed yet. The newest fifty deployments are kept here as versions."
    />
  );
}

export function Versions() {
  return <ActionFrame>{(action) => <Body action={action} />}</ActionFrame>;
}
