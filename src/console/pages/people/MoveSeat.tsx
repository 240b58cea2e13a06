/**
 * Moves a person's account here to a new identity, if the company's IT has created their account again.
 * The new identity is then expected by address or subject (ADR 0045). The page first asks the API what would happen and
 * shows the answer; only then can the operator confirm. The operator decides which identity belongs to which person.
 */
import { Alert, Button, List, SegmentedControl, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { Answer } from '../../api/answers';
import { api } from '../../api/client';
import { queryClient } from '../../api/query';
import { Fields } from '../../parts/Fields';
import type { FieldsOf } from '../../parts/form-fields';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { useMake } from '../../parts/use-make';
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

const FIELDS: FieldsOf<Wish> = {
  by: { kind: 'own', label: 'Find the new identity by', start: 'address' },
  text: {
    kind: 'text',
    label: 'New identity',
    tell: ({ by }) =>
      by === 'address'
        ? {
            label: 'Email address of the new identity',
            description:
              'The address must be confirmed by the identity provider or belong to a verified domain of the organization.',
          }
        : {
            label: 'User ID of the new identity',
            description:
              'The ID that the identity provider sends (subject). You find it in the log entry of a refused sign-in.',
          },
    at: 'expected_email',
    alsoAt: ['subject', 'connection_id'],
    required: true,
    spellCheck: false,
    autoComplete: 'off',
    dir: 'auto',
  },
  absorb: {
    kind: 'text',
    label: 'Second account to remove',
    description: 'If the new identity already has an account here, enter its ID. Otherwise leave this empty.',
    at: 'absorb_user_id',
    spellCheck: false,
    autoComplete: 'off',
  },
};

function Form({ user, identity, onClose }: MoveSeatProps & { readonly onClose: () => void }) {
  const request = useMutation({
    mutationFn: () => move({ user, identity }, trial.values, false),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: personKey(user.user_id) });
    },
  });
  const trial = useMake({
    fields: FIELDS,
    start: { text: user.email ?? '' },
    run: (wish) => move({ user, identity }, wish, true),
  });
  const change = (changes: Partial<Wish>) => {
    trial.forget();
    request.reset();
    trial.set(changes);
  };
  const make = { ...trial, set: change, error: trial.error ?? request.error };
  return (
    <MakeForm
      make={make}
      verb="Preview move"
      isBarred={make.values.text.trim() === ''}
      onLeave={onClose}
      below={trial.made && <Effect identity={identity} moved={trial.made} />}
      button={
        trial.made && (
          <Button loading={request.isPending} onClick={() => request.mutate()}>
            Move to new identity
          </Button>
        )
      }
    >
      <Text size="sm">
        Use this if a person’s account was deleted and recreated at their company, so that they are now refused as
        unknown. Make sure that it is the same person, because a new employee can get the same address.
      </Text>
      <SegmentedControl
        aria-label={FIELDS.by.label}
        data={[
          { value: 'address', label: 'By email address' },
          { value: 'subject', label: 'By user ID' },
        ]}
        value={make.values.by}
        onChange={(by) => change({ by: by as By, text: '' })}
      />
      <Fields form={make} />
    </MakeForm>
  );
}

export function MoveSeat({ user, identity }: MoveSeatProps) {
  return (
    <MakeDialog
      verb="Move to new identity"
      title={`Move ${nameOf(user)} to a new identity at ${identity.connection}`}
      wide="lg"
      variant="default"
      size="xs"
    >
      {(close) => <Form user={user} identity={identity} onClose={close} />}
    </MakeDialog>
  );
}
