/**
 * Checks whether a machine or a network has reached a limit over all addresses, and lifts it. Never changes the limits
 * of one address.
 */
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { ApiFailure } from '../../api/failure';
import { ConfirmButton } from '../../parts/ConfirmButton';
import { FailureNote } from '../../parts/FailureNote';
import { Refusals, TextInput } from '../../parts/inputs';
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

export function NetworkBlock() {
  const may = usePowers();
  const [ip, setIp] = useState('');
  const asking = useMutation({ mutationFn: isStopped });
  const asked = asking.variables ?? '';
  const ask = () => asking.mutate(ip.trim());
  return (
    <Stack gap="sm" maw={560}>
      <Title order={2} size="h4">
        Check an IP address
      </Title>
      <Refusals error={asking.error}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            ask();
          }}
        >
          <Group align="end">
            <TextInput
              fills="id"
              label="IP address"
              description="As shown in a log entry"
              required
              value={ip}
              onChange={(event) => setIp(event.currentTarget.value)}
              spellCheck={false}
              autoComplete="off"
            />
            <Button type="submit" variant="default" loading={asking.isPending}>
              Check
            </Button>
          </Group>
        </form>
      </Refusals>
      {asking.error && <FailureNote error={asking.error} />}
      <Text size="sm" role="status">
        {asking.data === true && `${asked} has reached a limit. Attempts from it are refused until the limit ends.`}
        {asking.data === false && `${asked} has not reached a limit.`}
      </Text>
      {asking.data === true && may('delete:anomaly_blocks') && (
        <ConfirmButton
          verb="Reset limit"
          question={`Reset the limit for ${asked}?`}
          effect="Attempts from this IP address are counted from zero again. Limits of single accounts stay."
          run={() => api.DELETE('/anomaly/blocks/ips/{id}', { params: { path: { id: asked } } })}
          changes={[]}
          onDone={() => asking.mutate(asked)}
          style={{ alignSelf: 'start' }}
        />
      )}
    </Stack>
  );
}
