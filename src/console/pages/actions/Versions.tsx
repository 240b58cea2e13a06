/** Each deployment of an Action as a numbered version: compared with the draft, and the way back to it. */
import { Anchor, Checkbox, Stack, Text } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { Deed } from '../../parts/Deed';
import { type Column, ListTable } from '../../parts/ListTable';
import { Moment } from '../../parts/Moment';
import { usePowers } from '../../session/powers';
import { ActionFrame } from './ActionFrame';
import type { Action, Version } from './answers';
import { CodeDifference } from './CodeDifference';
import { useDeployEffect } from './DeployDeeds';
import { ACTIONS, BINDINGS, useVersions } from './queries';

function RollBack({ action, version }: { readonly action: Action; readonly version: Version }) {
  const [withDraft, setWithDraft] = useState(false);
  const effect = useDeployEffect(action);
  const params = { path: { actionId: action.id, id: version.id } };
  return (
    <Deed
      size="xs"
      verb="Deploy again"
      question={`Deploy version ${version.number} again?`}
      effect={
        <Stack gap="sm">
          <Text>
            It becomes a new version with the code, packages and secrets of version {version.number}. {effect}
          </Text>
          <Checkbox
            label="Make it the draft as well: what is in the draft now is overwritten"
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

function columnsOf(action: Action, mayDeploy: boolean): readonly Column<Version>[] {
  const columns: readonly Column<Version>[] = [
    {
      name: 'Version',
      cell: (version) => (
        <>
          <Text>
            {version.number}
            {version.deployed && (
              <Text span fw={600}>
                , runs now
              </Text>
            )}
          </Text>
          <Text size="xs" c="dimmed">
            deployed <Moment at={version.built_at} />
          </Text>
        </>
      ),
    },
    {
      name: 'Difference',
      cell: (version) => (
        <Anchor
          size="sm"
          renderRoot={(props) => (
            <Link
              to="/actions/$actionId/versions"
              params={{ actionId: action.id }}
              search={{ version: version.id }}
              {...props}
            />
          )}
          aria-label={`Compare version ${version.number} with the draft`}
        >
          Compare
        </Anchor>
      ),
    },
  ];
  const back: Column<Version> = {
    name: 'Way back',
    isDeeds: true,
    cell: (version) => (version.deployed ? null : <RollBack action={action} version={version} />),
  };
  return mayDeploy ? [...columns, back] : columns;
}

function Difference({ action, version }: { readonly action: Action; readonly version: Version }) {
  const same = version.code === action.code;
  return (
    <Stack gap="xs" component="section" aria-label="Difference">
      <Text fw={600}>From version {version.number} to the draft</Text>
      {same ? (
        <Text c="dimmed">The code is the same. Packages and secrets may differ.</Text>
      ) : (
        <CodeDifference
          before={version.code}
          after={action.code}
          label={`Draft, with its differences from version ${version.number}`}
        />
      )}
    </Stack>
  );
}

function Body({ action }: { readonly action: Action }) {
  const { version: chosen } = useSearch({ from: '/actions/$actionId/versions' });
  const list = useVersions(action.id);
  const may = usePowers();
  const version = list.items.find(({ id }) => id === chosen);
  return (
    <Stack>
      <ListTable
        caption="Versions"
        list={list}
        columns={columnsOf(action, may('create:actions'))}
        rowKey={({ id }) => id}
        empty="Nothing was deployed yet. Each deployment is kept here as a version; the newest fifty stay."
      />
      {version && <Difference action={action} version={version} />}
    </Stack>
  );
}

export function Versions() {
  return <ActionFrame>{(action) => <Body action={action} />}</ActionFrame>;
}
