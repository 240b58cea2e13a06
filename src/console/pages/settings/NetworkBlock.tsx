/**
 * Checks whether a machine or a network has reached the limit for attempts at all accounts together, and lifts that
 * limit. Never changes the limits of one email address.
 */
import { Stack, Text, Title } from '@mantine/core';
import { api } from '../../api/client';
import { ApiFailure } from '../../api/failure';
import { ConfirmButton } from '../../parts/ConfirmButton';
import type { FieldsOf } from '../../parts/form-fields';
import { MakeForm } from '../../parts/MakeDialog';
import { useMake } from '../../parts/use-make';
import { usePowers } from '../../session/powers';

const NOT_FOUND = 404;

async function isStopped(ip: string): Promise<boolean> {
  try {
    await api.GET('/anomaly/blocks/ips/{id}', { params: { path: { id: ip } } });
    return true;
  } catch (error) {
    if (error instanceof ApiFailure && error.status === NOT_FOUND) return false;
    throw error;
  }
}

const FIELDS: FieldsOf<{ readonly id: string }> = {
  id: {
    kind: 'text',
    label: 'IP address',
    description: 'As shown in a log entry',
    required: true,
    spellCheck: false,
    autoComplete: 'off',
  },
};

export function NetworkBlock() {
  const may = usePowers();
  const ask = useMake({ fields: FIELDS, run: ({ id }) => isStopped(id.trim()) });
  const asked = ask.sent?.id.trim() ?? '';
  return (
    <Stack gap="sm" maw={560}>
      <Title order={2} size="h4">
        Check an IP address
      </Title>
      <MakeForm make={ask} verb="Check" isInline />
      <Text size="sm" role="status">
        {ask.made === true && `${asked} has reached a limit. Attempts from it are refused until the limit ends.`}
        {ask.made === false && `${asked} has not reached a limit.`}
      </Text>
      {ask.made === true && may('delete:anomaly_blocks') && (
        <ConfirmButton
          verb="Reset limit"
          question={`Reset the limit for ${asked}?`}
          effect="Attempts from this IP address are counted from zero again. Limits of single accounts stay."
          run={() => api.DELETE('/anomaly/blocks/ips/{id}', { params: { path: { id: asked } } })}
          changes={[]}
          onDone={ask.repeat}
          style={{ alignSelf: 'start' }}
        />
      )}
    </Stack>
  );
}
