/**
 * Moves a seat to a new account that a company's IT created for the same person: the identity is expected again, by
 * address or subject (ADR 0045). The page first asks the API without a change and shows the answer; only then can the
 * operator confirm. They decide which account is which person's.
 */
import { Alert, Button, List, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Answer } from '../../api/answers';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { DialogEnd } from '../../parts/DialogEnd';
import { FailureNote } from '../../parts/FailureNote';
import { Refusals, TextInput } from '../../parts/inputs';
import { type BoundIdentity, nameOf, type User } from './answers';
import { personKey } from './queries';

type By = 'address' | 'subject';

interface Wish {
  readonly by: By;
  readonly text: string;
  readonly absorb: string;
}

type Moved = Answer<'/users/{id}/identities/{provider}/{user_id}/move', 'post'>;

export interface MoveSeatProps {
  readonly user: User;
  readonly identity: BoundIdentity;
}

async function move({ user, identity }: MoveSeatProps, { by, text, absorb }: Wish, isDry: boolean): Promise<Moved> {
  const { data } = await api.POST('/users/{id}/identities/{provider}/{user_id}/move', {
    params: { path: { id: user.user_id, provider: identity.provider, user_id: identity.user_id } },
    body: {
      ...(by === 'address' ? { expected_email: text.trim() } : { subject: text.trim() }),
      ...(absorb.trim() !== '' && { absorb_user_id: absorb.trim() }),
      dry_run: isDry,
    },
  });
  return data;
}

function Effect({ identity, moved }: { readonly identity: BoundIdentity; readonly moved: Moved }) {
  const next = moved.to.subject ?? moved.to.expected_email;
  return (
    <Alert variant="light" title="This will happen" role="status">
      <List size="sm" spacing={4}>
        <List.Item>
          {identity.subject} cannot sign in at {identity.connection} any more; sessions and tokens of that connection
          end.
        </List.Item>
        <List.Item>
          The next sign-in there that proves <b dir="auto">{next}</b> gets this account, with its seats and roles.
        </List.Item>
        {moved.absorbed && (
          <List.Item>
            The second account {moved.absorbed.email ?? moved.absorbed.user_id} goes into this one. It is kept, and
            comes back if you take the move back.
          </List.Item>
        )}
        <List.Item>The old identity is kept as it was, and can be put back.</List.Item>
      </List>
    </Alert>
  );
}

function Fields({ wish, onChange }: { readonly wish: Wish; readonly onChange: (wish: Wish) => void }) {
  return (
    <>
      <SegmentedControl
        aria-label="The new account is known by"
        data={[
          { value: 'address', label: 'By address' },
          { value: 'subject', label: 'By subject' },
        ]}
        value={wish.by}
        onChange={(by) => onChange({ ...wish, by: by as By, text: '' })}
      />
      <TextInput
        fills={['subject', 'expected_email', 'connection_id']}
        label={wish.by === 'address' ? 'Address of the new account' : 'Subject of the new account'}
        description={
          wish.by === 'address'
            ? 'The identity provider, or the organization’s proved domain, has to vouch for it.'
            : 'The identifier that the identity provider sends, as in a refused sign-in’s line of the log.'
        }
        required
        value={wish.text}
        onChange={(event) => onChange({ ...wish, text: event.currentTarget.value })}
        spellCheck={false}
        autoComplete="off"
        dir="auto"
      />
      <TextInput
        fills="absorb_user_id"
        label="Second account to take in"
        description="Only where the person has one already: its id. Leave it empty otherwise."
        value={wish.absorb}
        onChange={(event) => onChange({ ...wish, absorb: event.currentTarget.value })}
        spellCheck={false}
        autoComplete="off"
      />
    </>
  );
}

function Form({ user, identity, onClose }: MoveSeatProps & { readonly onClose: () => void }) {
  const [wish, setWish] = useState<Wish>({ by: 'address', text: user.email ?? '', absorb: '' });
  const trial = useMutation({ mutationFn: (asked: Wish) => move({ user, identity }, asked, true) });
  const deed = useMutation({
    mutationFn: () => move({ user, identity }, wish, false),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: personKey(user.user_id) });
    },
  });
  const change = (next: Wish) => {
    trial.reset();
    deed.reset();
    setWish(next);
  };
  const ask = (event: FormEvent) => {
    event.preventDefault();
    trial.mutate(wish);
  };
  return (
    <Refusals error={trial.error ?? deed.error}>
      <form onSubmit={ask}>
        <Stack>
          <Text size="sm">
            For somebody whose account was deleted and made anew at their company: they come as a stranger, and their
            seat waits for the old account. Make sure that it is the same person. An address can go to a new hire.
          </Text>
          <Fields wish={wish} onChange={change} />
          {(trial.error ?? deed.error) && <FailureNote error={trial.error ?? deed.error} />}
          {trial.data && <Effect identity={identity} moved={trial.data} />}
          <DialogEnd onLeave={onClose}>
            {trial.data === undefined ? (
              <Button type="submit" loading={trial.isPending} disabled={wish.text.trim() === ''}>
                Show what will happen
              </Button>
            ) : (
              <Button loading={deed.isPending} onClick={() => deed.mutate()}>
                Move the seat
              </Button>
            )}
          </DialogEnd>
        </Stack>
      </form>
    </Refusals>
  );
}

export function MoveSeat({ user, identity }: MoveSeatProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setOpen(true)}>
        Move seat
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={`Move the seat of ${nameOf(user)} at ${identity.connection}`}
        size="lg"
      >
        <Form user={user} identity={identity} onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
}
