/**
 * Says above every page why it offers no actions: the operator's roles may not read the permissions of roles. Renders
 * nothing for other operators.
 */
import { Alert, Text } from '@mantine/core';
import { TechnicalDetails } from '../parts/TechnicalDetails';
import { useRefusedPowers } from './powers';

export function PowersUnknown() {
  const refused = useRefusedPowers();
  if (refused === undefined) return null;
  return (
    <Alert color="yellow" title="Couldn’t read your permissions" mb="lg">
      <Text size="sm">No changes are offered, because the console does not know what your role allows.</Text>
      <Text size="sm" mt={4}>
        Ask an owner of this server for one of the operator roles: owner, support or viewer.
      </Text>
      <TechnicalDetails lines={[refused]} />
    </Alert>
  );
}
