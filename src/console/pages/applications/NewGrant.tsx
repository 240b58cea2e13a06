/** Makes a grant: the other side of it, for whom the tokens are, and the permissions that they may have. */
import { Button, Modal, MultiSelect, Radio, Select, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { DialogEnd } from '../../parts/DialogEnd';
import { FailureNote } from '../../parts/FailureNote';
import { GRANTS, useApi } from './queries';

interface Sides {
  readonly client_id: string;
  readonly audience: string;
}

export interface NewGrantProps {
  readonly verb: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  toBody(chosen: string): Sides;
}

type Subject = 'client' | 'user';

function GrantForm({ choices, toBody, onDone }: Omit<NewGrantProps, 'verb'> & { readonly onDone: () => void }) {
  const [chosen, setChosen] = useState<string>();
  const [subject, setSubject] = useState<Subject>('client');
  const [scope, setScope] = useState<string[]>([]);
  const sides = chosen === undefined ? undefined : toBody(chosen);
  const scopes = useApi(sides?.audience ?? '', sides !== undefined).data?.scopes ?? [];
  const granting = useMutation({
    mutationFn: async () => {
      if (sides !== undefined) await api.POST('/client-grants', { body: { ...sides, scope, subject_type: subject } });
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: GRANTS });
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    granting.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Select
          label="Choose"
          data={[...choices]}
          value={chosen ?? null}
          onChange={(value) => setChosen(value ?? undefined)}
          searchable
          required
        />
        <Radio.Group label="The tokens are for" value={subject} onChange={(value) => setSubject(value as Subject)}>
          <Stack gap="xs" mt="xs">
            <Radio value="client" label="The application itself" description="It calls the API when nobody is there." />
            <Radio value="user" label="People who sign in to it" description="It calls the API in the name of each." />
          </Stack>
        </Radio.Group>
        <MultiSelect
          label="Permissions"
          data={scopes.map(({ value }) => value)}
          value={scope}
          onChange={setScope}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'Choose none' }}
          disabled={sides === undefined}
        />
        {scope.length === 0 && sides !== undefined && (
          <Text size="sm" c="dimmed">
            None chosen: it gets tokens without a permission.
          </Text>
        )}
        {granting.error && <FailureNote error={granting.error} />}
        <DialogEnd onLeave={onDone}>
          <Button type="submit" loading={granting.isPending} disabled={sides === undefined}>
            Grant it
          </Button>
        </DialogEnd>
      </Stack>
    </form>
  );
}

export function NewGrant({ verb, ...props }: NewGrantProps) {
  const [open, { open: show, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={show} style={{ alignSelf: 'start' }}>
        {verb}
      </Button>
      <Modal opened={open} onClose={close} title={verb} size="lg">
        <GrantForm {...props} onDone={close} />
      </Modal>
    </>
  );
}
