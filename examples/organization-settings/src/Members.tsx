/** The people of the organization, and their roles. Nobody gives a role that is stronger than their own: the API refuses it. */
import { type Member, type Role, readAll } from './api';
import { Press, Said, Section } from './parts';
import { useChange, useRead, useSession } from './session';

export function MembersPage() {
  const { call, can, userId } = useSession();
  const mayRead = can('read:member_roles');
  const { data, problem, reload } = useRead(async (call) => ({
    members: await readAll<Member>(call, '/members', 'members'),
    roles: mayRead ? await readAll<Role>(call, '/roles', 'roles') : [],
  }));
  const change = useChange();
  const nameOf = ({ name, email, user_id }: Member) => name ?? email ?? user_id;
  const edit = async (method: string, member: Member, role: Role) => {
    await call(method, `/members/${encodeURIComponent(member.user_id)}/roles`, { role_ids: [role.id] });
    await reload();
    return `${nameOf(member)} ${method === 'POST' ? 'now has' : 'no longer has'} the role ${role.name}.`;
  };
  const remove = async (member: Member) => {
    await call('POST', '/delete-memberships', { members: [member.user_id] });
    await reload();
    return `${nameOf(member)} is no member any more.`;
  };
  return (
    <Section title="Members" lead="Everybody who may sign in to your organization.">
      <Said what={problem ?? change.said} />
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
              <p className="row">
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
                  <select
                    aria-label={`Give ${nameOf(member)} a role`}
                    value=""
                    onChange={({ target }) => {
                      const role = free.find(({ id }) => id === target.value);
                      if (role) void change.run(() => edit('POST', member, role));
                    }}
                  >
                    <option value="">Give a role …</option>
                    {free.map((role) => (
                      <option key={role.id} value={role.id}>
                        {role.name}
                      </option>
                    ))}
                  </select>
                )}
                {can('delete:memberships') && (
                  <Press
                    change={change}
                    work={() => remove(member)}
                    label={`Remove ${nameOf(member)}`}
                    sure={`Remove ${nameOf(member)}? They are signed out at once.`}
                  >
                    Remove
                  </Press>
                )}
              </p>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
