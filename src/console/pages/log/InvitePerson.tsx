/**
 * Invites the person of a line to its organization: known values are filled in, and can be changed before sending. The
 * invitation is mailed; no link is shown here.
 */
import { Alert, Anchor, Button, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { type ExistingMember, type InvitationTerms, sendInvitation } from '../../invite/send';
import { MemberAlready, TERMS, TermsFields, useChosenApplication } from '../../invite/TermsFields';
import type { LogLine } from '../../lines/answers';
import { Fields } from '../../parts/Fields';
import { FIRST, type FieldsOf } from '../../parts/form-fields';
import { MakeForm } from '../../parts/MakeDialog';
import { useMake } from '../../parts/use-make';
import { useOperator } from '../../session/operator';

export interface InvitePersonProps {
  readonly organizationId: string;
  readonly address: string;
  readonly line: LogLine;
}

interface Form extends InvitationTerms {
  readonly email: string;
}

const FIELDS: FieldsOf<Form> = {
  email: { kind: 'text', label: 'Email address', at: 'invitee.email', type: 'email', required: true, ...FIRST },
  ...TERMS,
};

interface SentProps {
  readonly address: string;
  readonly organizationId: string;
  readonly member: ExistingMember | undefined;
}

function Sent({ address, organizationId, member }: SentProps) {
  if (member !== undefined) return <MemberAlready email={address} member={member} />;
  return (
    <Alert color="teal" variant="light" title="Invitation sent" role="status">
      <Text size="sm">The invitation was sent to {address}. They become a member when they accept it and sign in.</Text>
      <Anchor component={Link} to={`/organizations/${organizationId}`} size="sm">
        Open organization
      </Anchor>
    </Alert>
  );
}

export function InvitePerson({ organizationId, address, line }: InvitePersonProps) {
  const [open, { open: show, close }] = useDisclosure();
  const { name, email: own } = useOperator();
  const make = useMake({
    fields: FIELDS,
    start: { email: address, client: line.client_id ?? null, connection: line.connection_id ?? null },
    run: ({ email, ...terms }) =>
      sendInvitation(organizationId, { ...terms, client: client ?? '', inviter: name || own, email: email.trim() }),
    changes: ['organizations'],
    onMade: close,
  });
  const { values, made, isSent } = make;
  const client = useChosenApplication(values);
  if (isSent && !open) return <Sent address={values.email} organizationId={organizationId} member={made} />;
  return (
    <>
      <Button onClick={show}>Invite {address}</Button>
      <Modal opened={open} onClose={close} title={`Invite to ${line.organization_name ?? organizationId}`}>
        <MakeForm make={make} verb="Send invitation" isBarred={client === null} onLeave={close}>
          <Fields form={make} />
          <TermsFields organizationId={organizationId} terms={values} set={make.set} />
          <Text size="sm" c="dimmed">
            The person gets one email. They become a member when they accept the invitation.
          </Text>
        </MakeForm>
      </Modal>
    </>
  );
}
