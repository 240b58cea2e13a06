/**
 * The page that lifts a block, opened by the link in a mail: the question and the result. Shows nothing about the
 * account except the address in the link.
 */
import type { UnblockPage } from '../models.js';
import { ErrorSummary } from './fields.js';
import type { View } from './layout.js';
import { Identity, Links, PrimaryButton } from './parts.js';
import type { Talk } from './talk.js';

/** Asks whether to lift the block of an account. */
export function viewUnblock(page: UnblockPage, talk: Talk): View {
  const { brand, errors } = page;
  const { words, say } = talk;
  if (page.done) return viewUnblocked(page, talk);
  return {
    tab: `${words.unblock.heading} · ${brand.title}`,
    heading: words.unblock.heading,
    sub: say(words.unblock.sub, { brand: brand.title }),
    script: ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={[]} />
        <Identity talk={talk} email={page.email} label={words.page.emailAddress} />
        <p class="body">{words.unblock.question}</p>
        <form method="post" action={page.action} noValidate>
          <PrimaryButton>{words.unblock.unblock}</PrimaryButton>
        </form>
      </>
    ),
  };
}

function viewUnblocked(page: UnblockPage, talk: Talk): View {
  const { brand, continueUrl } = page;
  const { words, say } = talk;
  return {
    tab: `${words.unblock.doneHeading} · ${brand.title}`,
    heading: words.unblock.doneHeading,
    script: [],
    content: (
      <>
        <p class="body">{say(words.unblock.done, { brand: brand.title, email: page.email })}</p>
        {continueUrl === undefined ? (
          <p class="body">{words.unblock.goBack}</p>
        ) : (
          <Links talk={talk} links={[{ label: words.page.continue, url: continueUrl }]} />
        )}
      </>
    ),
  };
}
