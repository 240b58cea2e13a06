/** The page of the sign-in limits: those that the tenant may set, and a form that unblocks a network. */
import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { NetworkBlock } from './NetworkBlock';
import { NetworkLimit } from './NetworkLimit';
import { PasswordLimit } from './PasswordLimit';

export function Limits() {
  return (
    <Stack gap="xl">
      <Text maw={640}>
        Limits end automatically. To reset one for a person sooner, open that person under{' '}
        <Anchor component={Link} to="/people">
          People
        </Anchor>
        . Sign-ins through a company’s identity provider are not counted here.
      </Text>
      <PasswordLimit />
      <NetworkLimit />
      <NetworkBlock />
    </Stack>
  );
}
