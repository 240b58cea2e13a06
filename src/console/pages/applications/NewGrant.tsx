/** Creates a grant: its other side, whose tokens it is for, and the permissions. */
import { Button, Modal, Radio, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { DialogEnd } from '../../parts/DialogEnd';
import { FailureNote } from '../../parts/FailureNote';
import { RadioGroup, Refusals, Select } from '../../parts/inputs';
import { NOTHING_PERMITTED, PermissionsField } from './PermissionsField';
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

function SubjectField({ value, onChange }: { readonly value: Subject; readonly onChange: (value: Subject) => void }) {
  return (
    <RadioGroup
      fills="subject_type"
      label="Tokens for"
      value={value}
      onChange={(chosen) => onChange(chosen as Subject)}
    >
      <Stack gap="xs" mt="xs">
        <Radio
          value="client"
          label="The application itself"
          description="The application calls the API on its own, without a person."
        />
        <Radio
          value="user"
          label="People who sign in"
          description="The application calls the API on behalf of the person."
        />
      </Stack>
    </RadioGroup>
  );
}

function GrantForm({ choices, toBody, onDone }: Omit<NewGrantProps, 'verb'> & { readonly onDone: () => void }) {
  const [chosen, setChosen] = useState<string>();
  const [subject, setSubject] = useState<Subject>('client');
  const [permitted, setPermitted] = useState(NOTHING_PERMITTED);
  const sides = chosen === undefined ? undefined : toBody(chosen);
  const found = useApi(sides?.audience ?? '', sides !== undefined).data;
  const choose = (value: string | null) => {
    setChosen(value ?? undefined);
    // Clears the chosen permissions, because another API has other ones.
    if (value === null || toBody(value).audience !== sides?.audience) setPermitted(NOTHING_PERMITTED);
  };
  const granting = useMutation({
    mutationFn: async () => {
      if (sides === undefined) return;
      const { scope, all } = permitted;
      const body = { ...sides, scope: [...scope], subject_type: subject, ...(all && { allow_all_scopes: true }) };
      await api.POST('/client-grants', { body });
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
    <Refusals error={granting.error}>
      <form onSubmit={submit}>
        <Stack>
          <Select
            fills={['audience', 'client_id']}
            label="Choose"
            data={[...choices]}
            value={chosen ?? null}
            onChange={choose}
            searchable
            required
          />
          <SubjectField value={subject} onChange={setSubject} />
          <PermissionsField
            // A message about a pasted text belongs to one API.
            key={sides?.audience}
            api={sides && found}
            value={permitted}
            onChange={(changes) => setPermitted((now) => ({ ...now, ...changes }))}
          />
          {granting.error && <FailureNote error={granting.error} />}
          <DialogEnd onLeave={onDone}>
            <Button type="submit" loading={granting.isPending} disabled={sides === undefined}>
              Add access
            </Button>
          </DialogEnd>
        </Stack>
      </form>
    </Refusals>
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
