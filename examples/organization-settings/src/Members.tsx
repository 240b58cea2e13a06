/** The people of the organization, and their roles. Nobody gives a role that is stronger than their own: the API refuses it. */
import { type Member, type Role, readAll } from './api';
import { Form, Press, Section } from './parts';
import { usePart, useSession } from './session';

function Card({ member, roles }: { member: Member; roles: readonly Role[] }) {
  const { can, userId } = useSession();
  const { user_id, email, name = email ?? user_id, roles: held = [] } = member;
  const path = `/members/${encodeURIComponent(user_id)}/roles`;
  const free = roles.filter(({ id }) => !held.some((role) => role.id === id));
  const nameOf = (id: string | undefined) => free.find((role) => role.id === id)?.name;
  return (
    <li>
      <h3>
        {name} {user_id === userId && <span className="tag">you</span>}
      </h3>
      <p className="lead">{email}</p>
      <div className="row">
        {held.map((role) => (
          <span className="tag" key={role.id}>
            {role.name}
            <Press
              needs="delete:member_roles"
              send={['DELETE', path, { role_ids: [role.id] }]}
              done={`${name} no longer has the role ${role.name}.`}
              label={`Take the role ${role.name} from ${name}`}
            >
              ×
            </Press>
          </span>
        ))}
        {can('create:member_roles') && user_id !== userId && free.length > 0 && (
          <Form
            needs="create:member_roles"
            send={({ role }) => ['POST', path, { role_ids: [role] }]}
            done={(_, { role }) => `${name} now has the role ${nameOf(role)}.`}
            button="Give"
            label={`Give ${name} the role`}
          >
            <select name="role" aria-label={`Role for ${name}`} required>
              <option value="">Choose a role …</option>
              {free.map((role) => (
                <option key={role.id} value={role.id}>
                  {role.name}
                </option>
              ))}
            </select>
          </Form>
        )}
        <Press
          needs="delete:memberships"
          send={['POST', '/delete-memberships', { members: [user_id] }]}
          done={`${name} is no longer a member.`}
          of={name}
          sure={
            user_id === userId
              ? 'Remove yourself? You can no longer sign in to this organization.'
              : `Remove ${name}? They can no longer sign in to your organization.`
          }
        >
          Remove
        </Press>
      </div>
    </li>
  );
}

export function MembersPage() {
  const { can } = useSession();
  const mayRead = can('read:member_roles');
  const { data, ...part } = usePart(async (call) => ({
    members: await readAll<Member>(call, '/members', 'members'),
    roles: mayRead ? await readAll<Role>(call, '/roles', 'roles') : [],
  }));
  return (
    <Section title="Members" lead="The people of your organization, and what they may do." {...part}>
      <ul className="cards">
        {data?.members.map((member) => (
          <Card key={member.user_id} member={member} roles={data.roles} />
        ))}
      </ul>
    </Section>
  );
}
