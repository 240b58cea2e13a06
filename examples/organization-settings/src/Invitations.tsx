/** Invitations that are open or expired. A new one of the same person revokes the older ones. */
import { type Invitation, type Role, readAll } from './api';
import { Copy, Field, Form, Press, Section } from './parts';
import { usePart, useSession } from './session';

function Invite({ roles }: { roles: readonly Role[] }) {
  const toBody = (email: string | undefined, chosen: readonly unknown[]) => ({
    invitees: [{ email, ...(chosen.length > 0 && { roles: chosen }) }],
  });
  return (
    <Form
      needs="create:member_invitations"
      send={({ email }, form) => ['POST', '/member-invitations', toBody(email, form.getAll('role'))]}
      done={(_, { email }) => `${email} is invited by mail.`}
      button="Invite"
    >
      <Field label="Email address" name="email" type="email" required />
      {roles.length > 0 && (
        <fieldset>
          <legend>Roles</legend>
          {roles.map(({ id, name }) => (
            <label key={id}>
              <input type="checkbox" name="role" value={id} /> {name}
            </label>
          ))}
        </fieldset>
      )}
    </Form>
  );
}

interface CardProps {
  invitation: Invitation;
  roles: readonly Role[];
}

function Card({ invitation, roles }: CardProps) {
  const { id, invitee, expires_at, invitation_url } = invitation;
  const { email } = invitee;
  const given = roles.filter((role) => invitation.roles?.includes(role.id));
  const isOver = new Date(expires_at) < new Date();
  return (
    <li>
      <h3>
        {email}{' '}
        {given.map((role) => (
          <span className="tag" key={role.id}>
            {role.name}
          </span>
        ))}
      </h3>
      <p className="lead">
        {isOver ? 'expired' : 'open until'} {new Date(expires_at).toLocaleString()}
      </p>
      {!isOver && <Copy label="Link" value={invitation_url} />}
      <Press
        needs="delete:member_invitations"
        send={['DELETE', `/member-invitations/${id}`]}
        done={`The invitation of ${email} was revoked.`}
        of={`the invitation of ${email}`}
      >
        Revoke
      </Press>
    </li>
  );
}

export function InvitationsPage() {
  const { can } = useSession();
  const mayGive = can('create:member_roles') && can('read:member_roles');
  const { data, ...part } = usePart(async (call) => ({
    invitations: await readAll<Invitation>(call, '/member-invitations', 'invitations'),
    roles: mayGive ? await readAll<Role>(call, '/roles', 'roles') : [],
  }));
  return (
    <Section
      title="Invitations"
      lead="An invited person signs in once by the link in the mail, and is a member."
      {...part}
    >
      {can('create:member_invitations') && <Invite roles={data?.roles ?? []} />}
      <ul className="cards">
        {data?.invitations.map((item) => (
          <Card key={item.id} invitation={item} roles={data.roles} />
        ))}
      </ul>
      {data?.invitations.length === 0 && <p>There are no invitations.</p>}
    </Section>
  );
}
