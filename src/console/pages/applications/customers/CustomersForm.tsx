/**
 * The form with what customers may do in an application: groups of permissions, identity providers, and what the
 * deletion of an identity provider does. Saving it makes all missing parts.
 */
import { Alert } from '@mantine/core';
import { Fields, Locked } from '../../../parts/Fields';
import type { FieldsOf } from '../../../parts/form-fields';
import { MakeForm } from '../../../parts/MakeDialog';
import { useMake } from '../../../parts/use-make';
import { FailedPart } from './FailedPart';
import { GROUP_CHOICES, SCOPE_GROUPS, toGroups } from './scope-groups';
import { configurationOf, isOffered, type Parts, STRATEGY_CHOICES, type State } from './state';
import { type Chosen, refresh, switchOn } from './switch';

const needsProviders = ({ groups }: Chosen) => groups.includes('providers');

const FIELDS: FieldsOf<Chosen> = {
  groups: {
    kind: 'checks',
    label: 'What customers may do here',
    description: 'This is the most. Each person may do as much of it as their role permits.',
    alsoAt: ['scope'],
    start: SCOPE_GROUPS.map(({ id }) => id),
    of: GROUP_CHOICES,
    check: (groups) => (groups.length === 0 ? 'Choose at least one.' : undefined),
  },
  strategies: {
    kind: 'checks',
    label: 'Identity providers that they may connect',
    alsoAt: ['my_organization_configuration.allowed_strategies'],
    start: STRATEGY_CHOICES.map(({ value }) => value),
    of: STRATEGY_CHOICES,
    isShown: needsProviders,
    tell: ({ strategies }) =>
      strategies.length === 0 ? { description: 'None is chosen: customers connect no new identity provider.' } : {},
  },
  deletion: {
    kind: 'radios',
    label: 'When they delete an identity provider',
    at: 'my_organization_configuration.connection_deletion_behavior',
    start: 'allow_if_empty',
    isShown: needsProviders,
    of: [
      {
        value: 'allow_if_empty',
        label: 'Only while nobody has signed in with it',
        description: 'Recommended. They can always switch it off.',
      },
      {
        value: 'allow',
        label: 'At any time, with its people',
        description: 'The accounts that exist only at this identity provider are deleted with it.',
      },
    ],
  },
};

function toStart({ client, grant }: Parts): Partial<Chosen> {
  const configuration = configurationOf(client);
  return {
    ...(grant !== null && { groups: toGroups(grant.scope) }),
    ...(configuration !== undefined && {
      // An empty list allows none. It is not a list that nobody has filled in yet.
      strategies: configuration.allowed_strategies.filter(isOffered),
      deletion: configuration.connection_deletion_behavior,
    }),
  };
}

const VERBS = { off: 'Switch on', half: 'Complete', on: 'Save changes' } as const;

export interface CustomersFormProps {
  readonly parts: Parts;
  readonly state: State;
  readonly isLocked: boolean;
}

export function CustomersForm({ parts, state, isLocked }: CustomersFormProps) {
  const make = useMake({
    fields: FIELDS,
    start: toStart(parts),
    async run(chosen: Chosen) {
      try {
        await switchOn(parts, needsProviders(chosen) ? chosen : { ...chosen, strategies: [] });
      } finally {
        // Also after a failure: the next try makes only what is missing.
        await refresh();
      }
    },
  });
  const verb = VERBS[state.is];
  // Not after a further change, and not after it was switched off.
  const isSaved = make.isSent && make.sent === make.values && state.is !== 'off';
  const fields = (
    <Locked value={isLocked ? 'disabled' : undefined}>
      <Fields form={make} />
    </Locked>
  );
  if (isLocked)
    return (
      <fieldset disabled style={{ border: 0, margin: 0, padding: 0 }}>
        {fields}
      </fieldset>
    );
  return (
    <MakeForm
      make={{ ...make, error: null }}
      verb={verb}
      maw={720}
      below={
        make.error !== null ? (
          <FailedPart error={make.error} again={verb} />
        ) : (
          isSaved && (
            <Alert color="teal" variant="light" role="status">
              Saved. It applies at once.
            </Alert>
          )
        )
      }
    >
      {fields}
    </MakeForm>
  );
}
