/**
 * Says above every page why nothing is offered: the operator's roles may not read the permissions of roles. Renders
 * nothing for others.
 */
import { Alert, Text } from '@mantine/core';
import { TechnicalDetails } from '../parts/TechnicalDetails';
import { useRefusedPowers } from './powers';

export function PowersUnknown() {
  const refused = useRefusedPowers();
  if (refused === undefined) return null;
  return (
    <Alert color="yellow" title="The console cannot tell what you may do here" mb="lg">
      <Text size="sm">So it offers you nothing to do.</Text>
      <Text size="sm" mt={4}>
        Ask an owner of this server for one of the roles of operators: owner, support or viewer.
      </Text>
      <TechnicalDetails lines={[refused]} />
    </Alert>
  );
}
