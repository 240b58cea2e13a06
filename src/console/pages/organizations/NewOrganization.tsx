/**
 * Creates an organization and opens it. The name is checked while typed, and by the API; after a refusal the dialog
 * keeps the typed text.
 */

import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { TextInput } from '../../parts/inputs';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { usePowers } from '../../session/powers';
import type { Organization } from './answers';
import { ORGANIZATIONS } from './queries';

/** Suggests a name in the allowed alphabet from a title; people may change it. */
export function proposeName(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== '')
    .join('-')
    .slice(0, 50);
}

/** Form of an organization's name, Auth0's rule. */
const NAME = /^(?!org_)(?=.{1,50}$)[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/;
const NAME_RULE =
  'Use at most 50 lower-case letters, digits, - and _. The name begins and ends with a letter or digit, and cannot begin with org_.';

async function create(name: string, title: string): Promise<Organization> {
  const body = { name, ...(title !== '' && { display_name: title }) };
  return (await api.POST('/organizations', { body })).data;
}

function NewOrganizationForm({ onLeave }: { readonly onLeave: () => void }) {
  const [title, setTitle] = useState('');
  const [typed, setTyped] = useState<string>();
  const name = typed ?? proposeName(title);
  const navigate = useNavigate();
  return (
    <MakeForm
      verb="Create organization"
      isBarred={!NAME.test(name)}
      run={() => create(name, title.trim())}
      changes={ORGANIZATIONS}
      onMade={({ id }) => navigate({ to: `/organizations/${id}` })}
      onLeave={onLeave}
    >
      <TextInput
        fills="display_name"
        label="Display name"
        description="Shown on the sign-in page and in emails: “Sign in to Acme”"
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        maxLength={255}
        dir="auto"
        data-autofocus
      />
      <TextInput
        fills="name"
        label="Name"
        description="Used in addresses and tokens: at most 50 lower-case letters, digits, - and _"
        value={name}
        error={name === '' || NAME.test(name) ? undefined : NAME_RULE}
        onChange={(event) => setTyped(event.currentTarget.value)}
        spellCheck={false}
        autoComplete="off"
        required
      />
    </MakeForm>
  );
}

export function NewOrganization() {
  const may = usePowers();
  if (!may('create:organizations')) return null;
  return <MakeDialog verb="Create organization">{(close) => <NewOrganizationForm onLeave={close} />}</MakeDialog>;
}
