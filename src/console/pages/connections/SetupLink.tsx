/**
 * Creates a link to the set-up pages (ADR 0054): to test a sign-in, which writes nothing, or for the customer's
 * administrator. The link is shown once; everybody who has it can set up this one connection for this one organization,
 * and nothing else.
 */
import { Button, List, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { DialogEnd } from '../../parts/DialogEnd';
import { FailureNote } from '../../parts/FailureNote';
import { NativeSelect, Refusals, TextInput } from '../../parts/inputs';
import { usePowers } from '../../session/powers';
import { type Connection, nameOf } from './answers';
import { OrganizationField } from './OrganizationField';
import { SetupLinkReady } from './SetupLinkReady';
import { LIFETIMES, makeTicket, type TicketWish } from './setup-ticket';

interface FormProps {
  /** The connection to set up; if absent, the customer creates a new one. */
  readonly connection: Connection | undefined;
  readonly onClose: () => void;
}

function Words() {
  return (
    <List size="sm" spacing={4}>
      <List.Item>
        Opens the set-up of this one connection for this one organization, with each provider’s instructions.
      </List.Item>
      <List.Item>
        <b>Try it:</b> a real sign-in at the provider, which writes nothing and shows every claim and what would be
        decided.
      </List.Item>
      <List.Item>
        Its holder may type the provider’s values, prove domains, and switch the sign-in on. Send it to nobody else.
      </List.Item>
    </List>
  );
}

function Form({ connection, onClose }: FormProps) {
  const [wish, setWish] = useState<TicketWish>({ organizationId: '', name: '', seconds: LIFETIMES[0].seconds });
  const deed = useMutation({ mutationFn: () => makeTicket(connection, wish) });
  const set = (changes: Partial<TicketWish>) => setWish((now) => ({ ...now, ...changes }));
  if (deed.data !== undefined) return <SetupLinkReady ticket={deed.data} onClose={onClose} />;
  const send = (event: FormEvent) => {
    event.preventDefault();
    deed.mutate();
  };
  return (
    <Refusals error={deed.error}>
      <form onSubmit={send}>
        <Stack>
          <Words />
          <OrganizationField connection={connection} onChange={(organizationId) => set({ organizationId })} />
          {connection === undefined && (
            <TextInput
              fills="connection_config.name"
              label="Name of the new connection"
              description="Letters, digits and hyphens; it cannot be changed later."
              required
              value={wish.name}
              onChange={(event) => set({ name: event.currentTarget.value })}
              autoComplete="off"
            />
          )}
          <NativeSelect
            fills="ttl_sec"
            label="Good for"
            data={LIFETIMES.map(({ seconds, label }) => ({ value: String(seconds), label }))}
            value={String(wish.seconds)}
            onChange={(event) => set({ seconds: Number(event.currentTarget.value) })}
          />
          {deed.error && <FailureNote error={deed.error} />}
          <DialogEnd onLeave={onClose}>
            <Button
              type="submit"
              loading={deed.isPending}
              disabled={wish.organizationId === '' || (connection === undefined && wish.name.trim() === '')}
            >
              Make the link
            </Button>
          </DialogEnd>
        </Stack>
      </form>
    </Refusals>
  );
}

/** Scopes of the link's uses: it creates a connection, or changes its provider, and enables it for an organization. */
const NEEDED = ['create:sso_access_tickets', 'create:organization_connections'];
const NEEDED_FOR_NEW = [...NEEDED, 'create:connections'];
const NEEDED_FOR_ONE = [...NEEDED, 'update:connections_options', 'update:connections'];

export function SetupLink({ connection }: { readonly connection?: Connection }) {
  const [open, setOpen] = useState(false);
  const may = usePowers();
  const needed = connection === undefined ? NEEDED_FOR_NEW : NEEDED_FOR_ONE;
  if (!needed.every(may)) return <Text size="sm">Your role may not make such links.</Text>;
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        {connection === undefined ? 'Make a set-up link' : 'Try it, or send set-up link'}
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={connection === undefined ? 'A set-up link for a customer' : `Set-up of ${nameOf(connection)}`}
        size="lg"
      >
        <Form connection={connection} onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
}
