/** The sign-in limits: those that the tenant may set, and a form that lifts the block of a network. */
import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { NetworkBlock } from './NetworkBlock';
import { NetworkLimit } from './NetworkLimit';
import { PasswordLimit } from './PasswordLimit';

export function Limits() {
  return (
    <Stack gap="xl">
      <Text maw={640}>
        A limit ends by itself. To let somebody in sooner, open them under{' '}
        <Anchor component={Link} to="/people">
          People
        </Anchor>
        : their page says which limit they met, and lifts it. Sign-ins at a company’s identity provider are not counted
        here.
      </Text>
      <PasswordLimit />
      <NetworkLimit />
      <NetworkBlock />
    </Stack>
  );
}
