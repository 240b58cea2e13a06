/** Invitations that are open or expired. A new one of the same person revokes the older ones. */
import { type Invitation, type Role, readAll } from './api';
import { Copy, Field, Form, Press, Section } from './parts';
import { usePart, useSession } from './session';

export function InvitationsPage() {
  const { call, can } = useSession();
  const mayGive = can('create:member_roles') && can('read:member_roles');
  const { data, said, change } = usePart(async (call) => ({
    invitations: await readAll<Invitation>(call, '/member-invitations', 'invitations'),
    roles: mayGive ? await readAll<Role>(call, '/roles', 'roles') : [],
  }));
  const invite = async ({ email }: Record<string, string>, form: FormData) => {
    const roles = form.getAll('role');
    await call('POST', '/member-invitations', { invitees: [{ email, ...(roles.length > 0 && { roles }) }] });
    return `${email} is invited by mail.`;
  };
  const revoke = async ({ id, invitee }: Invitation) => {
    await call('DELETE', `/member-invitations/${id}`);
    return `The invitation of ${invitee.email} was revoked.`;
  };
  const isOver = ({ expires_at }: Invitation) => new Date(expires_at) < new Date();
  return (
    <Section
      title="Invitations"
      lead="An invited person signs in once by the link in the mail, and is a member."
      said={said}
    >
      {can('create:member_invitations') && (
        <Form change={change} send={invite} button="Invite">
          <Field label="E-mail address" name="email" type="email" required />
          {data && data.roles.length > 0 && (
            <fieldset>
              <legend>Roles</legend>
              {data.roles.map((role) => (
                <label key={role.id}>
                  <input type="checkbox" name="role" value={role.id} /> {role.name}
                </label>
              ))}
            </fieldset>
          )}
        </Form>
      )}
      <ul className="cards">
        {data?.invitations.map((item) => (
          <li key={item.id}>
            <h3>{item.invitee.email}</h3>
            <p className="lead">
              {isOver(item) ? 'expired' : 'open until'} {new Date(item.expires_at).toLocaleString()}
            </p>
            {!isOver(item) && <Copy label="Link" value={item.invitation_url} />}
            {can('delete:member_invitations') && (
              <Press change={change} work={() => revoke(item)} label={`Revoke the invitation of ${item.invitee.email}`}>
                Revoke
              </Press>
            )}
          </li>
        ))}
      </ul>
      {data?.invitations.length === 0 && <p>There are no invitations.</p>}
    </Section>
  );
}
