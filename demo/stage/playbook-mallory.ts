/** The story of Mallory, who administers another organization and its identity provider, and wants Dana's account. */
import { inviteTo, restoreMember, setRollout } from '../operator.js';
import { CAST } from '../people.js';
import { isRefused, nothingIsLeft, onlyMailAndCounters } from './judge.js';
import type { Act, Story } from './stories.js';

const { mallory, dana } = CAST;

const ASSERTS_DANA: NonNullable<Act['moves']> = {
  home: { says: 'Mallory opens Evil Corp’s side of the application', press: '#sign-in-evil-corp' },
  identifier: { says: 'Mallory goes to Evil Corp’s sign-in', press: 'main form button[value="connection:evil-oidc"]' },
  idp: {
    says: 'Evil Corp asserts: this is Dana',
    fill: { login: dana.email },
    press: '.typed button',
  },
  invitation: { says: 'Mallory accepts the invitation for Dana', press: 'main form button' },
};

export const MALLORY: Story = {
  id: '20',
  title: 'Mallory asserts Dana',
  person: mallory,
  lives:
    'Mallory’s own identity provider says “this is Dana”. Nobody believes it; the guesses of the code end on a page.',
  elsewhere: 'Actions that link accounts by the address alone hand Dana’s account over to Mallory.',
  restore: async (operator, tenant) => {
    await setRollout(operator, tenant, 'optional');
    await restoreMember(operator, tenant, dana);
  },
  acts: [
    {
      title: 'Asserts Dana',
      person: mallory,
      moves: ASSERTS_DANA,
      judge: (seen) => [
        isRefused(seen, 'Mallory', 'admit.not_a_member'),
        nothingIsLeft(seen.ledger),
        { says: 'Dana is not linked: Evil Corp has no say about acme.example.', ok: seen.login?.user_id === undefined },
      ],
    },
    {
      title: 'Invites Dana',
      person: mallory,
      guesses: dana,
      moves: ASSERTS_DANA,
      endsAt: ['refusal'],
      prepare: async (operator, tenant) => {
        await inviteTo(operator, tenant, {
          organizationId: tenant.evilId,
          connectionId: tenant.evilConnectionId,
          inviter: mallory.name,
          person: dana,
          roles: [],
        });
        return { mailTo: dana.email };
      },
      judge: (seen) => [
        {
          says: 'Dana’s own code is asked for. It is in Dana’s mailbox; after five guesses Vestibule ends it.',
          ok: seen.end === 'refusal' && seen.login?.details?.code === 'authenticate.proof_failed',
        },
        onlyMailAndCounters(seen.ledger),
      ],
    },
  ],
};
