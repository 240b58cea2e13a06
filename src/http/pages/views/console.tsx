/** The pages of operators: becoming the first one, and the end of a sign-in. */
import type { ConsolePage, FirstOperatorPage } from '../models.js';
import { ErrorSummary, UsernameField } from './fields.js';
import type { View } from './layout.js';
import { Name, PrimaryButton } from './parts.js';
import type { Talk } from './talk.js';

function viewOver({ brand }: FirstOperatorPage): View {
  return {
    tab: 'This link is over',
    heading: 'This link is over',
    sub: <Name>{brand.title}</Name>,
    script: [],
    content: (
      <>
        <p class="body">Somebody owns this server already, or the link is older than a week.</p>
        <p class="body">
          Ask an owner to invite you. On the machine of the server, <code>vestibule operator invite</code> with your
          address prints a new link.
        </p>
      </>
    ),
  };
}

/** Asks for the address of the first owner. */
export function viewFirstOperator(page: FirstOperatorPage, talk: Talk): View {
  const { brand, isOver, action, errors, username } = page;
  if (isOver) return viewOver(page);
  return {
    tab: 'Become the owner',
    heading: 'Become the owner of this server',
    sub: (
      <>
        <Name>{brand.title}</Name>: you choose a password on the next page.
      </>
    ),
    script: ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={['username']} />
        <form method="post" action={action} noValidate>
          <UsernameField talk={talk} id="username" label="Your email address" value={username} errors={errors} first />
          <PrimaryButton>Continue</PrimaryButton>
        </form>
      </>
    ),
  };
}

const ENDS = {
  signedIn: {
    heading: 'You are signed in',
    body: 'Operators may use the Management API with tokens of their own; what they may do there is what their roles permit.',
  },
  refused: {
    heading: 'You were not let in',
    body: 'Ask an owner of this server to invite you, and open the newest link that you were sent.',
  },
  none: {
    heading: 'For the operators of this server',
    body: 'Operators are invited: open the link that you were sent. On the machine of the server, vestibule operator invite prints one.',
  },
} as const;

function viewWaiting({ brand }: ConsolePage): View {
  return {
    tab: 'A new server',
    heading: 'Nobody owns this server yet',
    sub: <Name>{brand.title}</Name>,
    script: [],
    content: (
      <>
        <p class="body">It printed a link for its owner when it started. Open that link.</p>
        <p class="body">
          If the link is lost, run <code>vestibule operator invite</code> with your address on the machine of the
          server.
        </p>
      </>
    ),
  };
}

/** The end of an operator's sign-in, or the root address of a new server. */
export function viewConsole(page: ConsolePage): View {
  const { brand, isSignedIn, isRefused, lacksOwner } = page;
  if (lacksOwner) return viewWaiting(page);
  const { heading, body } = isSignedIn ? ENDS.signedIn : isRefused ? ENDS.refused : ENDS.none;
  const sub = <Name>{brand.title}</Name>;
  return { tab: heading, heading, sub, script: [], content: <p class="body">{body}</p> };
}
