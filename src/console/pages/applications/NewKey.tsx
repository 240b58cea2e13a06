/** Adds a public key to an application. Does not send a private key that was pasted by mistake. */
import { api } from '../../api/client';
import { FIRST, type FieldsOf } from '../../parts/form-fields';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { useMake } from '../../parts/use-make';
import { clientKey } from './queries';

const ALGORITHMS = ['RS256', 'RS384', 'PS256'] as const;
type Algorithm = (typeof ALGORITHMS)[number];

const PRIVATE =
  'This is a private key, which must stay with the application. Paste the public key instead. If somebody saw this one, generate a new pair.';

const FIELDS: FieldsOf<{ readonly name: string; readonly pem: string; readonly alg: Algorithm }> = {
  name: { kind: 'text', label: 'Name', maxLength: 128, required: true, dir: 'auto', ...FIRST },
  pem: {
    kind: 'area',
    label: 'Public key or certificate',
    description: 'In PEM format, beginning with -----BEGIN PUBLIC KEY-----',
    alsoAt: ['kid', 'expires_at'],
    check: (pem) => (pem.includes('PRIVATE KEY') ? PRIVATE : undefined),
    autosize: true,
    minRows: 5,
    maxRows: 12,
    spellCheck: false,
    required: true,
    dir: 'ltr',
  },
  alg: { kind: 'select', label: 'Algorithm', start: 'RS256', data: [...ALGORITHMS] },
};

function NewKeyForm({ clientId, onDone }: { readonly clientId: string; readonly onDone: () => void }) {
  const make = useMake({
    fields: FIELDS,
    run: (values) =>
      api.POST('/clients/{client_id}/credentials', {
        params: { path: { client_id: clientId } },
        body: { credential_type: 'public_key', ...values },
      }),
    changes: clientKey(clientId),
    onMade: onDone,
  });
  return <MakeForm make={make} verb="Add key" onLeave={onDone} />;
}

export function NewKey({ clientId, disabled }: { readonly clientId: string; readonly disabled: boolean }) {
  return (
    <MakeDialog verb="Add key" wide="lg" variant="default" disabled={disabled} style={{ alignSelf: 'start' }}>
      {(close) => <NewKeyForm clientId={clientId} onDone={close} />}
    </MakeDialog>
  );
}
