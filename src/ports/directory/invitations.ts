/** Port: invitations into an organization. Accepted ones are not listed: only the login's commit consumes an invitation. */
import type { Invitation } from '../../domain/account.js';
import type { Page, PageRequest } from './page.js';

export interface InvitationRecord extends Invitation {
  /** The ticket in plain text, for the link. */
  readonly ticket: string;
  readonly createdAt: Date;
}

export interface InvitationDirectory {
  list(organizationId: string, page: PageRequest): Promise<Page<InvitationRecord>>;
  find(organizationId: string, id: string): Promise<InvitationRecord | undefined>;
  create(invitation: InvitationRecord): Promise<void>;
  delete(organizationId: string, id: string): Promise<boolean>;
}
