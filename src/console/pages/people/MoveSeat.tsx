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
    <Alert variant="light" title="Effect of the move" role="status">
      <List size="sm" spacing={4}>
        <List.Item>
          {identity.subject} can no longer sign in with {identity.connection}. Sessions and tokens of that connection
          are revoked.
        </List.Item>
        <List.Item>
          The next sign-in there as <b dir="auto">{next}</b> gets this account, with its memberships and roles.
        </List.Item>
        {moved.absorbed && (
          <List.Item>
            The second account {moved.absorbed.email ?? moved.absorbed.user_id} is removed. It is restored if you undo
            the move.
          </List.Item>
        )}
        <List.Item>The old identity is kept, so the move can be undone.</List.Item>
      </List>
    </Alert>
  );
}

function Fields({ wish, onChange }: { readonly wish: Wish; readonly onChange: (wish: Wish) => void }) {
  return (
    <>
      <SegmentedControl
        aria-label="Find the new identity by"
        data={[
          { value: 'address', label: 'By email address' },
          { value: 'subject', label: 'By user ID' },
        ]}
        value={wish.by}
        onChange={(by) => onChange({ ...wish, by: by as By, text: '' })}
      />
      <TextInput
        fills={['subject', 'expected_email', 'connection_id']}
        label={wish.by === 'address' ? 'Email address of the new identity' : 'User ID of the new identity'}
        description={
          wish.by === 'address'
            ? 'The address must be confirmed by the identity provider or belong to a verified domain of the organization.'
            : 'The ID that the identity provider sends (subject). You find it in the log entry of a refused sign-in.'
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
        label="Second account to remove"
        description="If the new identity already has an account here, enter its ID. Otherwise leave this empty."
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
  const request = useMutation({
    mutationFn: () => move({ user, identity }, wish, false),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: personKey(user.user_id) });
    },
  });
  const change = (next: Wish) => {
    trial.reset();
    request.reset();
    setWish(next);
  };
  const ask = (event: FormEvent) => {
    event.preventDefault();
    trial.mutate(wish);
  };
  return (
    <Refusals error={trial.error ?? request.error}>
      <form onSubmit={ask}>
        <Stack>
          <Text size="sm">
            Use this if a person’s account was deleted and recreated at their company, so that they are now refused as
            unknown. Make sure that it is the same person, because a new employee can get the same address.
          </Text>
          <Fields wish={wish} onChange={change} />
          {(trial.error ?? request.error) && <FailureNote error={trial.error ?? request.error} />}
          {trial.data && <Effect identity={identity} moved={trial.data} />}
          <DialogEnd onLeave={onClose}>
            {trial.data === undefined ? (
              <Button type="submit" loading={trial.isPending} disabled={wish.text.trim() === ''}>
                Preview move
              </Button>
            ) : (
              <Button loading={request.isPending} onClick={() => request.mutate()}>
                Move to new identity
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
        Move to new identity
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={`Move ${nameOf(user)} to a new identity at ${identity.connection}`}
        size="lg"
      >
        <Form user={user} identity={identity} onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
}
