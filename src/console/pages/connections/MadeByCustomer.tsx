/**
 * Marks a connection that the administrators of an organization made by the My Organization API, and lets an operator
 * take it over. Renders nothing for other connections.
 */
import { Alert, List, Stack, Text } from '@mantine/core';
import { api } from '../../api/client';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { OrganizationName } from '../../parts/Named';
import { useOrganizationNames } from '../../parts/organization-names';
import { usePowers } from '../../session/powers';
import { type Connection, nameOf } from './answers';
import { CONNECTIONS } from './queries';

interface MadeProps {
  readonly connection: Connection;
  readonly organizationId: string;
}

function TakeOver({ connection, organizationId }: MadeProps) {
  const organization = useOrganizationNames(organizationId)?.display_name ?? organizationId;
  return (
    <ConfirmButton
      size="xs"
      verb="Take over"
      question={`Take over ${nameOf(connection)}?`}
      effect={
        <List spacing="xs">
          <List.Item>From then on only operators change its settings. {organization} still uses it.</List.Item>
          <List.Item>
            It is trusted like a connection that you set up. So first make sure that its identity provider belongs to
            this company, and check its domains.
          </List.Item>
          <List.Item>
            Sign-ins and accounts stay as they are. So do the tokens of their directory: delete them before another
            organization gets this connection.
          </List.Item>
        </List>
      }
      run={() =>
        api.PATCH('/connections/{id}', {
          params: { path: { id: connection.id } },
          body: { managed_by_organization: null },
        })
      }
      changes={[CONNECTIONS]}
    />
  );
}

function Made(props: MadeProps) {
  const may = usePowers();
  const { organizationId } = props;
  return (
    <Alert
      variant="light"
      color="blue"
      title={
        <>
          Made by an administrator of <OrganizationName id={organizationId} />
        </>
      }
    >
      <Stack gap="sm" align="start">
        <Text size="sm">
          They change it in your application. Only this organization can use it, and it is trusted only for email
          addresses in domains that the organization verified by DNS. What you change here, they may change again.
        </Text>
        {may('update:connections') && <TakeOver {...props} />}
      </Stack>
    </Alert>
  );
}

export function MadeByCustomer({ connection }: { readonly connection: Connection }) {
  // Is only in the answer about one connection, not in the list of which the type is made.
  const { managed_by_organization: organizationId } = connection as { readonly managed_by_organization?: unknown };
  if (typeof organizationId !== 'string') return null;
  return <Made connection={connection} organizationId={organizationId} />;
}
