/**
 * The page about the company's directory (SCIM). Turns on or off that the directory may provision people here, and
 * lists its tokens.
 */
import { Stack, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { CopyText } from '../../parts/CopyText';
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
        SCIM is turned off. People get an account when they first sign in, and keep it until somebody removes them here.
      </Text>
      {may('create:scim_config') && (
        <ConfirmButton
          verb="Turn on SCIM"
          question={`Turn on SCIM for ${nameOf(connection)}?`}
          effect={
            <Text size="sm">
              Nothing changes until you create a token and give it to the company’s administrator. Then the company’s
              directory can create, change and block the people of this connection, but of no other.
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
    <ConfirmButton
      verb="Turn off SCIM"
      danger
      question={`Turn off SCIM for ${nameOf(connection)}?`}
      effect={
        <Text size="sm">
          Its tokens are deleted, and requests of the directory are refused. Provisioned people stay as they are now.
          People who leave the company are no longer blocked here automatically.
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
          ['SCIM base URL', <CopyText key="address" text={address} name="the base URL" />],
          ['User ID attribute', scim.user_id_attribute],
          ['Turned on', <Moment key="since" at={scim.created_at} />],
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
