/**
 * Creates a link to the set-up pages (ADR 0054): to test a sign-in, which writes nothing, or for the customer's
 * administrator. The link is shown once; everybody who has it can set up this one connection for this one organization,
 * and nothing else.
 */
import { List, Text } from '@mantine/core';
import { Fields } from '../../parts/Fields';
import type { FieldsOf } from '../../parts/form-fields';
import { MakeDialog, MakeForm } from '../../parts/MakeDialog';
import { useOrganizationNames } from '../../parts/organization-names';
import { useMake } from '../../parts/use-make';
import { usePowers } from '../../session/powers';
import { type Connection, nameOf } from './answers';
import { OrganizationField } from './OrganizationField';
import { proposeNames } from './propose-name';
import { SetupLinkReady } from './SetupLinkReady';
import { LIFETIMES, makeTicket, type Ticket, type TicketWish } from './setup-ticket';

interface FormProps {
  /** The connection to set up; if absent, the customer creates a new one. */
  readonly connection: Connection | undefined;
  /** Id of the organization from whose page the link is made; undefined where the operator chooses one. */
  readonly organization: string | undefined;
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

/** The end of a proposed name: which provider the customer has is not known yet. */
const NAME_END = 'sso';

const fieldsOf = (connection: Connection | undefined): FieldsOf<Typed> => ({
  organizationId: { kind: 'own', label: 'Organization', alsoAt: ['enabled_organizations'] },
  name: {
    kind: 'text',
    label: 'Name of the new connection',
    at: 'connection_config.name',
    description: 'Use letters, digits and hyphens. It cannot be changed later.',
    isShown: () => connection === undefined,
    required: true,
    autoComplete: 'off',
  },
  seconds: {
    kind: 'native',
    label: 'Valid for',
    alsoAt: ['ttl_sec'],
    start: String(LIFETIMES[0].seconds),
    data: LIFETIMES.map(({ seconds, label }) => ({ value: String(seconds), label })),
  },
});

/** Values of the form. A name is undefined until it is typed; until then, one is proposed from the organization. */
type Typed = Omit<TicketWish, 'name'> & { readonly name: string | undefined };

function Form({ connection, organization, onClose }: FormProps) {
  const make = useMake<Typed, Ticket>({
    fields: fieldsOf(connection),
    start: { organizationId: organization ?? '', name: undefined },
    run: (typed) => makeTicket(connection, { ...typed, name: typed.name ?? proposed }),
  });
  const { organizationId } = make.values;
  const names = useOrganizationNames(organizationId === '' || connection !== undefined ? undefined : organizationId);
  const proposed = proposeNames(NAME_END, names).name ?? '';
  const name = make.values.name ?? proposed;
  if (make.made !== undefined) return <SetupLinkReady ticket={make.made} onClose={onClose} />;
  const isBarred = organizationId === '' || (connection === undefined && name.trim() === '');
  return (
    <MakeForm
      make={{ ...make, values: { ...make.values, name } }}
      verb="Create link"
      isBarred={isBarred}
      onLeave={onClose}
    >
      <Words />
      <OrganizationField
        connection={connection}
        value={organizationId}
        onChange={(chosen) => make.set({ organizationId: chosen })}
      />
      <Fields form={{ ...make, values: { ...make.values, name } }} />
    </MakeForm>
  );
}

/**
 * The scopes that an operator needs to create a link. The link's holder creates a connection, or changes its provider,
 * and enables it for an organization.
 */
const NEEDED = ['create:sso_access_tickets', 'create:organization_connections'];
const NEEDED_FOR_NEW = [...NEEDED, 'create:connections'];
const NEEDED_FOR_ONE = [...NEEDED, 'update:connections_options', 'update:connections'];

export interface SetupLinkProps {
  readonly connection?: Connection;
  readonly organization?: string | undefined;
}

export function SetupLink({ connection, organization }: SetupLinkProps) {
  const may = usePowers();
  const needed = connection === undefined ? NEEDED_FOR_NEW : NEEDED_FOR_ONE;
  if (!needed.every(may)) return <Text size="sm">Your role cannot create set-up links.</Text>;
  return (
    <MakeDialog
      verb="Create set-up link"
      title={connection === undefined ? 'Create a set-up link for a customer' : `Set-up link for ${nameOf(connection)}`}
      wide="lg"
      variant="default"
    >
      {(close) => <Form connection={connection} organization={organization} onClose={close} />}
    </MakeDialog>
  );
}
