/**
 * Creates an organization and opens it. The name is checked while typed, and by the API; after a refusal the dialog
 * keeps the typed text.
 */
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client';
import { FIRST, type FieldsOf } from '../../parts/form-fields';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { useMake } from '../../parts/use-make';
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
    .slice(0, 50)
    .replace(/-$/, '');
}

/** Form of an organization's name, Auth0's rule. */
const NAME = /^(?!org_)(?=.{1,50}$)[a-z0-9]([a-z0-9_-]*[a-z0-9])?$/;
const NAME_RULE =
  'Use at most 50 lower-case letters, digits, - and _. The name begins and ends with a letter or digit, and cannot begin with org_.';

async function create(name: string, title: string): Promise<Organization> {
  const body = { name, ...(title !== '' && { display_name: title }) };
  return (await api.POST('/organizations', { body })).data;
}

interface Typed {
  readonly title: string;
  /** Undefined until the operator types a name. Until then, the name is proposed from the title. */
  readonly name: string | undefined;
}

const FIELDS: FieldsOf<Typed> = {
  title: {
    kind: 'text',
    label: 'Display name',
    at: 'display_name',
    description: 'Shown on the sign-in page and in emails: “Sign in to Acme”',
    maxLength: 255,
    dir: 'auto',
    ...FIRST,
  },
  name: {
    kind: 'text',
    label: 'Name',
    description: 'Used in addresses and tokens: at most 50 lower-case letters, digits, - and _',
    check: (name = '') => (name === '' || NAME.test(name) ? undefined : NAME_RULE),
    spellCheck: false,
    autoComplete: 'off',
    required: true,
  },
};

function NewOrganizationForm({ onLeave }: { readonly onLeave: () => void }) {
  const navigate = useNavigate();
  const make = useMake<Typed, Organization>({
    fields: FIELDS,
    start: { name: undefined },
    run: ({ title, name = proposeName(title) }) => create(name, title.trim()),
    changes: ORGANIZATIONS,
    onMade: ({ id }) => navigate({ to: `/organizations/${id}` }),
  });
  const { title, name = proposeName(title) } = make.values;
  return <MakeForm make={{ ...make, values: { title, name } }} verb="Create organization" onLeave={onLeave} />;
}

/** Renders the button. `name` as for {@link MakeDialog}: a page may show a second button without it. */
export function NewOrganization({ name }: { readonly name?: string }) {
  const may = usePowers();
  if (!may('create:organizations')) return null;
  return (
    <MakeDialog verb="Create organization" name={name}>
      {(close) => <NewOrganizationForm onLeave={close} />}
    </MakeDialog>
  );
}
