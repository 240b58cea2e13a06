/** Adds a public key. A private one that was pasted by mistake is not sent. */
import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { FailureNote } from '../../parts/FailureNote';
import { clientKey } from './queries';

const ALGORITHMS = ['RS256', 'RS384', 'PS256'] as const;
type Algorithm = (typeof ALGORITHMS)[number];

const PRIVATE =
  'This is a private key. It stays with the application: paste the public one, and make another pair if this one was seen by somebody.';

function NewKeyForm({ clientId, onDone }: { readonly clientId: string; readonly onDone: () => void }) {
  const [name, setName] = useState('');
  const [pem, setPem] = useState('');
  const [algorithm, setAlgorithm] = useState<Algorithm>('RS256');
  const isPrivate = pem.includes('PRIVATE KEY');
  const adding = useMutation({
    mutationFn: () =>
      api.POST('/clients/{client_id}/credentials', {
        params: { path: { client_id: clientId } },
        body: { credential_type: 'public_key', name, pem, alg: algorithm },
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: clientKey(clientId) });
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isPrivate) adding.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={128}
          required
          data-autofocus
          dir="auto"
        />
        <Textarea
          label="Public key or certificate"
          description="PEM, as openssl writes it: -----BEGIN PUBLIC KEY-----"
          value={pem}
          error={isPrivate ? PRIVATE : undefined}
          onChange={(event) => setPem(event.currentTarget.value)}
          autosize
          minRows={5}
          maxRows={12}
          spellCheck={false}
          required
          dir="ltr"
        />
        <Select
          label="Algorithm"
          data={[...ALGORITHMS]}
          value={algorithm}
          onChange={(value) => value !== null && setAlgorithm(value as Algorithm)}
          allowDeselect={false}
        />
        {adding.error && <FailureNote error={adding.error} />}
        <Group justify="end">
          <Button type="submit" loading={adding.isPending}>
            Add the key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export function NewKey({ clientId, disabled }: { readonly clientId: string; readonly disabled: boolean }) {
  const [open, { open: show, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={show} disabled={disabled} style={{ alignSelf: 'start' }}>
        Add a key
      </Button>
      <Modal opened={open} onClose={close} title="Add a key" centered size="lg">
        <NewKeyForm clientId={clientId} onDone={close} />
      </Modal>
    </>
  );
}
