/** Adds a public key to an application. Does not send a private key that was pasted by mistake. */

import { useState } from 'react';
import { api } from '../../api/client';
import { Select, Textarea, TextInput } from '../../parts/inputs';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { clientKey } from './queries';

const ALGORITHMS = ['RS256', 'RS384', 'PS256'] as const;
type Algorithm = (typeof ALGORITHMS)[number];

const PRIVATE =
  'This is a private key, which must stay with the application. Paste the public key instead. If somebody saw this one, generate a new pair.';

function NewKeyForm({ clientId, onDone }: { readonly clientId: string; readonly onDone: () => void }) {
  const [name, setName] = useState('');
  const [pem, setPem] = useState('');
  const [algorithm, setAlgorithm] = useState<Algorithm>('RS256');
  const isPrivate = pem.includes('PRIVATE KEY');
  const add = () =>
    api.POST('/clients/{client_id}/credentials', {
      params: { path: { client_id: clientId } },
      body: { credential_type: 'public_key', name, pem, alg: algorithm },
    });
  return (
    <MakeForm
      verb="Add key"
      run={add}
      isBarred={isPrivate}
      changes={clientKey(clientId)}
      onMade={onDone}
      onLeave={onDone}
    >
      <TextInput
        fills="name"
        label="Name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={128}
        required
        data-autofocus
        dir="auto"
      />
      <Textarea
        fills={['pem', 'kid', 'expires_at']}
        label="Public key or certificate"
        description="In PEM format, beginning with -----BEGIN PUBLIC KEY-----"
        value={pem}
        error={isPrivate ? PRIVATE : undefined}
        onChange={(event) => setPem(event.currentTarget.value)}
        autosize
        minRows={5}
        maxRows={12}
        spellCheck={false}
        required
        dir="ltr"
      />
      <Select
        fills="alg"
        label="Algorithm"
        data={[...ALGORITHMS]}
        value={algorithm}
        onChange={(value) => value !== null && setAlgorithm(value as Algorithm)}
        allowDeselect={false}
      />
    </MakeForm>
  );
}

export function NewKey({ clientId, disabled }: { readonly clientId: string; readonly disabled: boolean }) {
  return (
    <MakeDialog verb="Add key" isWide variant="default" disabled={disabled} style={{ alignSelf: 'start' }}>
      {(close) => <NewKeyForm clientId={clientId} onDone={close} />}
    </MakeDialog>
  );
}
