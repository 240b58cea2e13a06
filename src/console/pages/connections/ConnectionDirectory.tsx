/** The company's directory (SCIM): whether it may provision people here, and its tokens. A token is shown once. */
import { Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { api } from '../../api/client';
import { CopyText } from '../../parts/CopyText';
import { Deed } from '../../parts/Deed';
import { Facts } from '../../parts/Facts';
import { Loaded } from '../../parts/Loaded';
import { Moment } from '../../parts/Moment';
import { usePowers } from '../../session/powers';
import { type Connection, nameOf, type ScimConfiguration } from './answers';
import { ConnectionFrame } from './ConnectionFrame';
import { connectionKey, useScim } from './queries';
import { ScimTokens } from './ScimTokens';

const route = getRouteApi('/connections/$connectionId/directory');
const PATH = '/connections/{id}/scim-configuration';

const pathOf = ({ id }: Connection) => ({ params: { path: { id } } });

function SwitchOn({ connection }: { readonly connection: Connection }) {
  const may = usePowers();
  return (
    <Stack align="start">
      <Text>
        The directory of the company does not write here. Its people come by signing in, and stay until somebody removes
        them here.
      </Text>
      {may('create:scim_config') && (
        <Deed
          verb="Let the directory write"
          question={`Let the directory of ${nameOf(connection)} write its people here?`}
          effect={
            <Text size="sm">
              Nothing happens until you make a token and give it to the company’s administrator. Then the directory
              creates, changes and blocks the people of this connection, and of no other.
            </Text>
          }
          run={() => api.POST(PATH, pathOf(connection))}
          changes={[[...connectionKey(connection.id), 'scim']]}
        />
      )}
    </Stack>
  );
}

function SwitchOff({ connection }: { readonly connection: Connection }) {
  return (
    <Deed
      verb="Switch the directory off"
      danger
      question={`Switch the directory of ${nameOf(connection)} off?`}
      effect={
        <Text size="sm">
          Its tokens are deleted, and what the directory sends is refused. The people it wrote stay as they are now:
          somebody who leaves the company is not taken out here any more.
        </Text>
      }
      run={() => api.DELETE(PATH, pathOf(connection))}
      changes={[connectionKey(connection.id)]}
    />
  );
}

function On({ connection, scim }: { readonly connection: Connection; readonly scim: ScimConfiguration }) {
  const may = usePowers();
  const address = `${window.location.origin}/scim/v2/connections/${connection.id}`;
  return (
    <Stack gap="lg" align="start">
      <Facts
        facts={[
          ['Base URL for the directory', <CopyText key="address" text={address} name="the base URL" />],
          ['Knows people by', scim.user_id_attribute],
          ['Switched on', <Moment key="since" at={scim.created_at} />],
        ]}
      />
      <ScimTokens connection={connection} />
      {may('delete:scim_config') && <SwitchOff connection={connection} />}
    </Stack>
  );
}

function Directory({ connection }: { readonly connection: Connection }) {
  const scim = useScim(connection.id);
  return (
    <Loaded query={scim}>
      {(found) => (found === null ? <SwitchOn connection={connection} /> : <On connection={connection} scim={found} />)}
    </Loaded>
  );
}

export function ConnectionDirectory() {
  const { connectionId } = route.useParams();
  return (
    <ConnectionFrame connectionId={connectionId}>
      {(connection) => <Directory connection={connection} />}
    </ConnectionFrame>
  );
}
