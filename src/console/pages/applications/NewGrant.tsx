/**
 * Creates a grant: the operator chooses the API or application, whether its tokens are for people, and the permissions.
 */
import { api } from '../../api/client';
import { Fields } from '../../parts/Fields';
import type { FieldsOf } from '../../parts/form-fields';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { useMake } from '../../parts/use-make';
import { NOTHING_PERMITTED, PermissionsField, type Permitted } from './PermissionsField';
import { GRANTS, useApi } from './queries';

interface Sides {
  readonly client_id: string;
  readonly audience: string;
}

export interface NewGrantProps {
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  toBody(chosen: string): Sides;
}

interface Typed {
  readonly chosen: string | null;
  readonly subject_type: 'client' | 'user';
  readonly permitted: Permitted;
}

const fieldsOf = (choices: NewGrantProps['choices']): FieldsOf<Typed> => ({
  chosen: {
    kind: 'select',
    label: 'Choose',
    alsoAt: ['audience', 'client_id'],
    start: null,
    data: [...choices],
    allowDeselect: true,
    searchable: true,
    required: true,
  },
  subject_type: {
    kind: 'radios',
    label: 'Tokens for',
    start: 'client',
    of: [
      {
        value: 'client',
        label: 'The application itself',
        description: 'The application calls the API on its own, without a person.',
      },
      {
        value: 'user',
        label: 'People who sign in',
        description: 'The application calls the API on behalf of the person.',
      },
    ],
  },
  permitted: { kind: 'own', label: 'Permissions', start: NOTHING_PERMITTED },
});

function GrantForm({ choices, toBody, onDone }: Omit<NewGrantProps, 'verb'> & { readonly onDone: () => void }) {
  const sidesOf = (chosen: string | null) => (chosen === null ? undefined : toBody(chosen));
  const make = useMake({
    fields: fieldsOf(choices),
    // Clears the chosen permissions, because another API has other ones.
    follow: ({ chosen }, before) =>
      chosen !== undefined && sidesOf(chosen)?.audience !== sidesOf(before.chosen)?.audience
        ? { permitted: NOTHING_PERMITTED }
        : {},
    async run({ chosen, subject_type, permitted: { scope, all } }) {
      const sides = sidesOf(chosen);
      if (sides === undefined) return;
      const body = { ...sides, scope: [...scope], subject_type, ...(all && { allow_all_scopes: true }) };
      await api.POST('/client-grants', { body });
    },
    changes: GRANTS,
    onMade: onDone,
  });
  const sides = sidesOf(make.values.chosen);
  const found = useApi(sides?.audience ?? '', sides !== undefined).data;
  const { permitted } = make.values;
  return (
    <MakeForm make={make} verb="Add access" isBarred={sides === undefined} onLeave={onDone}>
      <Fields form={make} />
      <PermissionsField
        // A message about a pasted text belongs to one API.
        key={sides?.audience}
        api={sides && found}
        value={permitted}
        onChange={(changes) => make.set({ permitted: { ...permitted, ...changes } })}
      />
    </MakeForm>
  );
}

export function NewGrant(props: NewGrantProps) {
  return (
    <MakeDialog verb="Add access" wide="lg" variant="default" style={{ alignSelf: 'start' }}>
      {(close) => <GrantForm {...props} onDone={close} />}
    </MakeDialog>
  );
}
