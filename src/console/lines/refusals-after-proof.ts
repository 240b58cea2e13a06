/** Refusals of the steps resolve, admit, act and commit, in the operator’s words; see refusal-table.ts. Words only. */
import type { RefusalRow } from './refusal-row.js';

export const AFTER_PROOF: Readonly<Record<string, RefusalRow>> = {
  'resolve.ambiguous_account': {
    short: 'several accounts fit',
    why: 'It is not clear which account this sign-in leads to, so none was chosen.',
    next: 'Look at the accounts with this address. Move the seat, or prepare the identity of the right one.',
    mend: 'person',
  },
  'resolve.no_account': {
    short: 'no account, none opened',
    why: '{connection} opens no accounts, and nobody here is this person.',
    next: 'Create the person first, or let the connection open accounts.',
    mend: 'connection',
  },
  'resolve.other_user': {
    short: 'somebody else was expected',
    why: 'The application expected one person, and another one signed in.',
    next: 'Nothing has to be done, unless the application always names the wrong one.',
    mend: 'application',
  },
  'resolve.issuer_changed': {
    short: 'identity provider replaced',
    why: 'The identity provider behind {connection} was replaced, and this person is known as the former one named them.',
    next: 'Say which account at the new provider is theirs.',
    mend: 'connection',
  },
  'resolve.seat_moved': {
    short: 'seat was moved',
    why: 'An operator moved this person’s seat to another account at the same company, and the former account came.',
    next: 'If the move was wrong, take it back on the person’s page.',
    mend: 'person',
  },
  'admit.organization_needed': {
    short: 'no organization named',
    why: '{connection} brings people into organizations, or did before it was cut off, and the request named none.',
    next: 'Let the application send the organization.',
    mend: 'application',
  },
  'admit.not_own_connection': {
    short: 'way in needs an organization',
    why: 'The person came through a company’s connection without an organization, and the account was opened another way.',
    next: 'Let the application send the organization.',
    mend: 'application',
  },
  'admit.user_blocked': {
    short: 'person is blocked',
    why: 'This person is blocked, everywhere.',
    next: 'Unblock them if they may come in again.',
    deeds: ['unblock_person'],
    mend: 'person',
  },
  'admit.sso_required': {
    short: 'company sign-in required',
    why: '{organization} takes no passwords from people of its domain, and they used one.',
    next: 'Let them sign in at the company. If they cannot, let this one person use the password (break-glass).',
    deeds: ['break_glass'],
    mend: 'organization',
  },
  'admit.not_in_pilot': {
    short: 'not in the pilot group',
    why: '{connection} is for a pilot group, and this address is not in it.',
    next: 'Add the address to the pilot group, or open the connection to everybody.',
    mend: 'organization',
  },
  'admit.invitation_needs_company': {
    short: 'invitation is for a password',
    why: 'The invitation is for a password, and {organization} requires the company’s sign-in by now.',
    next: 'Send a new invitation to the company’s connection, and withdraw the old one.',
    deeds: ['invite'],
  },
  'admit.invitation_mismatch': {
    short: 'invitation of somebody else',
    why: 'The person signed in with another address or another way in than the invitation names.',
    next: 'The invitation can still be used, by the one it names. Invite this address as well if it should come in.',
    deeds: ['invite'],
  },
  'admit.not_a_member': {
    short: 'not a member',
    why: 'They proved who they are, and nothing lets them into {organization}: no membership, no invitation, no auto-membership.',
    next: 'Invite them if they should come in.',
    deeds: ['invite'],
  },
  'act.denied': {
    short: 'an Action said no',
    why: 'Your Action refused this sign-in. Its reason is below.',
    next: 'If it should have agreed, look at the Action and what it printed.',
    mend: 'actions',
  },
  'act.registration_denied': {
    short: 'an Action opened no account',
    why: 'Your Action for new accounts refused this one. Its reason is below.',
    next: 'If it should have agreed, look at the Action and what it printed.',
    mend: 'actions',
  },
  'act.failed': {
    short: 'an Action failed',
    why: 'Your Action threw an error, or used up its time or memory.',
    next: 'Mend the Action; the evidence has the line where it failed.',
    mend: 'actions',
  },
  'act.not_available': {
    short: 'an Action asked too much',
    why: 'Your Action asked for something that this server does not have yet, so the sign-in was refused rather than let through.',
    next: 'Change the Action.',
    mend: 'actions',
  },
  'act.busy': {
    short: 'Actions were busy',
    why: 'All processes that run Actions were taken.',
    next: 'Look for an Action that hangs. If there is none, give Actions more processes.',
    mend: 'actions',
  },
  'act.interaction_required': {
    short: 'an Action wants to ask',
    why: 'The application asked without showing a page, and an Action sends the person elsewhere first.',
    next: 'Nothing has to be done: the application shows the sign-in page next.',
    mend: 'actions',
  },
  'act.route': {
    short: 'an Action chose a wrong way',
    why: 'Your Action named a connection or an organization that this sign-in cannot use.',
    next: 'Change the Action, or switch on what it names.',
    mend: 'actions',
  },
  'act.primary_user': {
    short: 'an Action chose a wrong account',
    why: 'Your Action named an account that does not hold the identity of this sign-in.',
    next: 'Let the Action link the identity first.',
    mend: 'actions',
  },
  'commit.conflict': {
    short: 'changed at the same moment',
    why: 'Something that the decision relied on changed at that very moment, three times.',
    next: 'Nothing has to be done: the next try decides anew.',
  },
  'commit.replayed': {
    short: 'finished before',
    why: 'This sign-in was finished already: a double click, a second tab, or a replay. The first one counts.',
  },
};
