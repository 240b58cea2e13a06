/**
 * Sends invitations to several addresses, one after the other. If one is refused, the others are still sent, and the
 * page reports the refused one.
 */
import { type ExistingMember, type InvitationTerms, sendInvitation } from '../../invite/send';

export interface InvitationForm extends InvitationTerms {
  readonly addresses: string;
  readonly inviter: string;
}

export interface Sent {
  readonly done: readonly { readonly email: string; readonly member: ExistingMember | undefined }[];
  readonly failed: readonly { readonly email: string; readonly error: unknown }[];
}

/** Splits a text into addresses, without repetitions. Does not check them: the API does. */
export function splitAddresses(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ''))];
}

/** Invites each address of the form, and returns which were sent and which were refused. */
export async function inviteAll(id: string, form: InvitationForm, client: string): Promise<Sent> {
  const done: { email: string; member: ExistingMember | undefined }[] = [];
  const failed: { email: string; error: unknown }[] = [];
  for (const email of splitAddresses(form.addresses)) {
    try {
      done.push({ email, member: await sendInvitation(id, { ...form, email, client }) });
    } catch (error) {
      failed.push({ email, error });
    }
  }
  return { done, failed };
}
