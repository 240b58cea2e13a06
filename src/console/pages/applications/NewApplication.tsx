/** Creates an application: its kind first, since everything else depends on it. */
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client';
import { FIRST, type FieldsOf } from '../../parts/form-fields';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { useMake } from '../../parts/use-make';
import { usePowers } from '../../session/powers';
import type { OfferedType } from './answers';
import { CLIENTS } from './queries';
import { toNewClient } from './settings-values';
import { KINDS, toChoice } from './words';

async function create(name: string, kind: OfferedType): Promise<string> {
  const { data } = await api.POST('/clients', { body: toNewClient(name, kind) });
  return String(data?.client_id);
}

const FIELDS: FieldsOf<{ readonly kind: OfferedType; readonly name: string }> = {
  kind: {
    kind: 'radios',
    label: 'Type',
    at: 'app_type',
    start: 'regular_web',
    of: KINDS.map(toChoice),
  },
  name: {
    kind: 'text',
    label: 'Name',
    tell: ({ kind }) => ({
      description: kind === 'non_interactive' ? 'Shown in the log and in this console.' : 'Shown on the sign-in pages.',
    }),
    maxLength: 255,
    required: true,
    dir: 'auto',
    ...FIRST,
  },
};

function NewApplicationForm({ onLeave }: { readonly onLeave: () => void }) {
  const navigate = useNavigate();
  const make = useMake({
    fields: FIELDS,
    run: ({ name, kind }) => create(name, kind),
    changes: CLIENTS,
    onMade: (id) => navigate({ to: `/applications/${encodeURIComponent(id)}` }),
  });
  return <MakeForm make={make} verb="Add application" onLeave={onLeave} />;
}

export function NewApplication() {
  const may = usePowers();
  if (!may('create:clients')) return null;
  return (
    <MakeDialog verb="Add application" name="application" wide="lg">
      {(close) => <NewApplicationForm onLeave={close} />}
    </MakeDialog>
  );
}
