/**
 * Sends invitations to several addresses one by one. If one is refused, the page reports that separately and the others
 * are sent.
 */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { queryClient } from '../../api/query';
import { type ExistingMember, type InvitationTerms, sendInvitation } from '../../invite/send';
import { INVITATIONS } from './queries';

export interface InvitationForm extends InvitationTerms {
  readonly addresses: string;
  readonly inviter: string;
}

export interface Sent {
  readonly done: readonly { readonly email: string; readonly member: ExistingMember | undefined }[];
  readonly failed: readonly { readonly email: string; readonly error: unknown }[];
}

/** Splits a text into addresses, each once, in order. Validates none: the API does. */
export function splitAddresses(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ''))];
}

async function inviteAll(id: string, form: InvitationForm, client: string): Promise<Sent> {
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

/** The form's state. `send` does nothing without an application. */
export function useInvite(id: string, start: InvitationForm) {
  const [form, setForm] = useState(start);
  const set = (changes: Partial<InvitationForm>) => setForm((before) => ({ ...before, ...changes }));
  const sending = useMutation({
    mutationFn: (client: string) => inviteAll(id, form, client),
    onSuccess: async ({ failed }) => {
      // Keeps only the refused addresses, so that pressing the button again sends no second mail to the others.
      set({ addresses: failed.map(({ email }) => email).join('\n') });
      await queryClient.invalidateQueries({ queryKey: INVITATIONS });
    },
  });
  return {
    form,
    set,
    send: (client: string | null) => client !== null && sending.mutate(client),
    isSending: sending.isPending,
    sent: sending.data,
  };
}
