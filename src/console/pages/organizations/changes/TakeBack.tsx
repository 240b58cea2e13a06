/**
 * The button that takes back what a customer's administrator did, by the Management API. Shown only while it still
 * applies, and if the operator's role permits it. Its dialog says what it does. Nothing undoes a removal: the person is
 * invited again.
 */
import { api } from '../../../api/client';
import { ConfirmButton } from '../../../parts/ConfirmButton';
import { usePowers } from '../../../session/powers';
import type { Domain, Enablement, Invitation, Organization, Person } from '../answers';
import { DisableConnection } from '../DisableConnection';
import { domainsKey, INVITATIONS, organizationKey } from '../queries';
import { changesKey } from './queries';
import type { Names, Undo } from './tell-change';

/** Things that the organization has now. */
export interface Now {
  readonly domains: readonly Domain[];
  readonly invitations: readonly Invitation[];
  readonly members: ReadonlyMap<string, Person>;
  readonly enablements: readonly Enablement[];
}

interface TakeBackProps {
  readonly organization: Organization;
  readonly undo: Undo;
  readonly now: Now;
  readonly names: Names;
}

type Of<Kind extends Undo['kind']> = TakeBackProps & { readonly undo: Extract<Undo, { kind: Kind }> };

function RemoveDomain({ organization, undo, now }: Of<'domain'>) {
  const found = now.domains.find(({ domain }) => domain === undo.domain);
  if (!usePowers()('delete:organization_discovery_domains') || found === undefined) return null;
  const params = { path: { id: organization.id, discovery_domain_id: found.id } };
  return (
    <ConfirmButton
      size="xs"
      verb="Remove domain"
      aria-label={`Remove domain ${found.domain}`}
      question={`Remove ${found.domain} from ${organization.display_name}?`}
      effect={`Addresses in ${found.domain} no longer lead to ${organization.display_name}, and its identity provider is not trusted for them any more. Members stay. The customer’s administrators can add the domain again.`}
      danger
      run={() => api.DELETE('/organizations/{id}/discovery-domains/{discovery_domain_id}', { params })}
      changes={[domainsKey(organization.id), changesKey(organization.id)]}
    />
  );
}

function Revoke({ organization, undo, now }: Of<'invitation'>) {
  const found = now.invitations.find(({ invitee }) => invitee.email === undo.email);
  if (!usePowers()('delete:organization_invitations') || found === undefined) return null;
  const params = { path: { id: organization.id, invitation_id: found.id } };
  return (
    <ConfirmButton
      size="xs"
      verb="Revoke invitation"
      aria-label={`Revoke invitation of ${undo.email}`}
      question={`Revoke the invitation of ${undo.email}?`}
      effect={`Its links stop working. ${undo.email} is not notified. The customer’s administrators can invite them again.`}
      danger
      run={() => api.DELETE('/organizations/{id}/invitations/{invitation_id}', { params })}
      changes={[INVITATIONS]}
    />
  );
}

function ChangeRoles({ organization, undo, now, names }: Of<'take-roles' | 'give-roles'>) {
  const isTaking = undo.kind === 'take-roles';
  const may = usePowers()(`${isTaking ? 'delete' : 'create'}:organization_member_roles`);
  const held = now.members.get(undo.userId)?.member.roles.map(({ id }) => id);
  const roles = undo.roles.filter((role) => held?.includes(role) === isTaking);
  if (!may || held === undefined || roles.length === 0) return null;
  const [person, what] = [names.person(undo.userId), roles.map(names.role).join(', ')];
  const request = {
    params: { path: { id: organization.id, user_id: undo.userId } },
    body: { roles },
  };
  const path = '/organizations/{id}/members/{user_id}/roles' as const;
  return (
    <ConfirmButton
      size="xs"
      verb={isTaking ? 'Take role' : 'Give role back'}
      aria-label={isTaking ? `Take role ${what} from ${person}` : `Give role back: ${what}, ${person}`}
      question={isTaking ? `Take ${what} from ${person}?` : `Give ${what} back to ${person}?`}
      effect={
        isTaking
          ? `They stay a member of ${organization.display_name}. They lose the permissions of this role: at once for the My Organization API, and elsewhere with their next token.`
          : `They have the permissions of this role in ${organization.display_name} again, with their next token.`
      }
      danger={isTaking}
      run={() => (isTaking ? api.DELETE(path, request) : api.POST(path, request))}
      changes={[[...organizationKey(organization.id), 'people']]}
    />
  );
}

function Disable({ organization, undo, now }: Of<'connection'>) {
  const found = now.enablements.find(({ connection_id: id }) => id === undo.connectionId);
  if (!usePowers()('delete:organization_connections') || found === undefined) return null;
  return <DisableConnection organization={organization} enablement={found} size="xs" />;
}

export function TakeBack(props: TakeBackProps) {
  const { undo } = props;
  if (undo.kind === 'domain') return <RemoveDomain {...props} undo={undo} />;
  if (undo.kind === 'invitation') return <Revoke {...props} undo={undo} />;
  if (undo.kind === 'connection') return <Disable {...props} undo={undo} />;
  return <ChangeRoles {...props} undo={undo} />;
}
