/** The pages for a new server: that it has no owner, and the one where its first owner types their address. */
import type { FirstOperatorPage, NoOwnerPage } from '../models.js';
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

/** Asks for the e-mail address of the first owner. */
export function viewFirstOperator(page: FirstOperatorPage, talk: Talk): View {
  const { brand, isOver, action, errors, username } = page;
  if (isOver) return viewOver(page);
  return {
    tab: 'Become the owner',
    heading: 'Become the owner of this server',
    sub: (
      <>
        <Name>{brand.title}</Name>: your address first. Then you accept, and choose a password.
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

/** The page at the root address of a server without an owner. */
export function viewNoOwner({ brand }: NoOwnerPage): View {
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
