/**
 * Creates an Action from a name and a trigger, which is described in a sentence. It is a draft that nothing runs yet.
 */
import { useNavigate } from '@tanstack/react-router';
import { api } from '../../api/client';
import { FIRST, type FieldsOf } from '../../parts/form-fields';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { useMake } from '../../parts/use-make';
import { usePowers } from '../../session/powers';
import { ACTIONS } from './queries';
import { TRIGGER_WORDS, type TriggerId } from './triggers';

async function create(name: string, trigger: TriggerId): Promise<string> {
  const supported = [{ id: trigger }];
  const { data } = await api.POST('/actions/actions', { body: { name, supported_triggers: supported } });
  return String(data?.id);
}

const FIELDS: FieldsOf<{ readonly name: string; readonly trigger: TriggerId }> = {
  name: { kind: 'text', label: 'Name', maxLength: 255, required: true, dir: 'auto', ...FIRST },
  trigger: {
    kind: 'radios',
    label: 'Trigger',
    alsoAt: ['supported_triggers'],
    start: 'post-login',
    of: Object.entries(TRIGGER_WORDS).map(([value, { name, when }]) => ({ value, label: name, description: when })),
  },
};

function NewActionForm({ onLeave }: { readonly onLeave: () => void }) {
  const navigate = useNavigate();
  const make = useMake({
    fields: FIELDS,
    run: ({ name, trigger }) => create(name, trigger),
    changes: ACTIONS,
    onMade: (id) => navigate({ to: `/actions/${id}` }),
  });
  return <MakeForm make={make} verb="Create Action" onLeave={onLeave} />;
}

export function NewAction() {
  const may = usePowers();
  if (!may('create:actions')) return null;
  return (
    <MakeDialog verb="Create Action" name="action" wide="lg">
      {(close) => <NewActionForm onLeave={close} />}
    </MakeDialog>
  );
}
