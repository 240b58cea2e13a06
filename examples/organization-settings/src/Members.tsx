/** The people of the organization, and their roles. Nobody gives a role that is stronger than their own: the API refuses it. */
import { type Member, type Role, readAll } from './api';
import { Form, Press, Section } from './parts';
import { usePart, useSession } from './session';

export function MembersPage() {
  const { call, can, userId } = useSession();
  const mayRead = can('read:member_roles');
  const { data, said, change } = usePart(async (call) => ({
    members: await readAll<Member>(call, '/members', 'members'),
    roles: mayRead ? await readAll<Role>(call, '/roles', 'roles') : [],
  }));
  const nameOf = ({ name, email, user_id }: Member) => name ?? email ?? user_id;
  const edit = async (method: 'POST' | 'DELETE', member: Member, role: Role | undefined) => {
    if (role === undefined) return undefined;
    await call(method, `/members/${encodeURIComponent(member.user_id)}/roles`, { role_ids: [role.id] });
    return `${nameOf(member)} ${method === 'POST' ? 'now has' : 'no longer has'} the role ${role.name}.`;
  };
  const remove = async (member: Member) => {
    await call('POST', '/delete-memberships', { members: [member.user_id] });
    return `${nameOf(member)} is no longer a member.`;
  };
  return (
    <Section title="Members" lead="The people of your organization, and what they may do." said={said}>
      <ul className="cards">
        {data?.members.map((member) => {
          const held = member.roles ?? [];
          const free = data.roles.filter(({ id }) => !held.some((role) => role.id === id));
          return (
            <li key={member.user_id}>
              <h3>
                {nameOf(member)} {member.user_id === userId && <span className="tag">you</span>}
              </h3>
              <p className="lead">{member.email}</p>
              <div className="row">
                {held.map((role) => (
                  <span className="tag" key={role.id}>
                    {role.name}
                    {can('delete:member_roles') && (
                      <Press
                        change={change}
                        work={() => edit('DELETE', member, role)}
                        label={`Take the role ${role.name} from ${nameOf(member)}`}
                      >
                        ×
                      </Press>
                    )}
                  </span>
                ))}
                {can('create:member_roles') && member.user_id !== userId && free.length > 0 && (
                  <Form
                    change={change}
                    send={({ role }) =>
                      edit(
                        'POST',
                        member,
                        free.find(({ id }) => id === role),
                      )
                    }
                    button="Give"
                    label={`Give ${nameOf(member)} the role`}
                  >
                    <select name="role" aria-label={`Role for ${nameOf(member)}`} required>
                      <option value="">Choose a role …</option>
                      {free.map((role) => (
                        <option key={role.id} value={role.id}>
                          {role.name}
                        </option>
                      ))}
                    </select>
                  </Form>
                )}
                {can('delete:memberships') && (
                  <Press
                    change={change}
                    work={() => remove(member)}
                    label={`Remove ${nameOf(member)}`}
                    sure={`Remove ${nameOf(member)}? They can no longer sign in to your organization.`}
                  >
                    Remove
                  </Press>
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
