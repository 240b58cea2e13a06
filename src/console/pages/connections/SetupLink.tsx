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
        The link opens set-up pages for one connection of one organization, with instructions for each provider.
      </List.Item>
      <List.Item>
        <b>Test:</b> try a real sign-in at the provider. It saves nothing, and shows all claims and whether the person
        would get access.
      </List.Item>
      <List.Item>
        Anybody with the link can enter the provider’s values, verify domains and turn on the sign-in. Send it only to
        the customer’s administrator.
      </List.Item>
    </List>
  );
}

function Form({ connection, onClose }: FormProps) {
  const [wish, setWish] = useState<TicketWish>({ organizationId: '', name: '', seconds: LIFETIMES[0].seconds });
  const request = useMutation({ mutationFn: () => makeTicket(connection, wish) });
  const set = (changes: Partial<TicketWish>) => setWish((now) => ({ ...now, ...changes }));
  if (request.data !== undefined) return <SetupLinkReady ticket={request.data} onClose={onClose} />;
  const send = (event: FormEvent) => {
    event.preventDefault();
    request.mutate();
  };
  return (
    <Refusals error={request.error}>
      <form onSubmit={send}>
        <Stack>
          <Words />
          <OrganizationField connection={connection} onChange={(organizationId) => set({ organizationId })} />
          {connection === undefined && (
            <TextInput
              fills="connection_config.name"
              label="Name of the new connection"
              description="Use letters, digits and hyphens. It cannot be changed later."
              required
              value={wish.name}
              onChange={(event) => set({ name: event.currentTarget.value })}
              autoComplete="off"
            />
          )}
          <NativeSelect
            fills="ttl_sec"
            label="Valid for"
            data={LIFETIMES.map(({ seconds, label }) => ({ value: String(seconds), label }))}
            value={String(wish.seconds)}
            onChange={(event) => set({ seconds: Number(event.currentTarget.value) })}
          />
          {request.error && <FailureNote error={request.error} />}
          <DialogEnd onLeave={onClose}>
            <Button
              type="submit"
              loading={request.isPending}
              disabled={wish.organizationId === '' || (connection === undefined && wish.name.trim() === '')}
            >
              Create link
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
  if (!needed.every(may)) return <Text size="sm">Your role cannot create set-up links.</Text>;
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Create set-up link
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={
          connection === undefined ? 'Create a set-up link for a customer' : `Set-up link for ${nameOf(connection)}`
        }
        size="lg"
      >
        <Form connection={connection} onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
}
