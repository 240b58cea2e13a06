/** The page that asks before a logout, when nothing proves that the person wants it. */
import type { SignOutPage } from '../models.js';
import { ErrorSummary } from './fields.js';
import type { View } from './layout.js';
import { PrimaryButton } from './parts.js';
import type { Talk } from './talk.js';

/** Asks whether to sign out. Another site may have caused the request. */
export function viewSignOut(page: SignOutPage, talk: Talk): View {
  const { words, say, plain } = talk;
  const names = { brand: page.brand.title };
  return {
    tab: plain(words.signOut.tab, names),
    heading: say(words.signOut.heading, names),
    script: ['form'],
    content: (
      <>
        <ErrorSummary talk={talk} errors={page.errors} fields={[]} />
        <p class="body">
          {page.applicationName === undefined && talk.custom?.has('signOut.askedBy') !== true
            ? words.signOut.asked
            : say(words.signOut.askedBy, { application: page.applicationName ?? '' })}{' '}
          {words.signOut.notYou}
        </p>
        <form method="post" action={page.action} noValidate>
          <PrimaryButton>{words.signOut.signOut}</PrimaryButton>
        </form>
      </>
    ),
  };
}
