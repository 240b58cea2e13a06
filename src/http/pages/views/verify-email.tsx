/**
 * The page that confirms an address, opened by the link in a mail: the question and the result. Shows nothing about the
 * account except the address in the link.
 */
import type { VerifyEmailPage } from '../models.js';
import { ErrorSummary } from './fields.js';
import type { View } from './layout.js';
import { Identity, Links, PrimaryButton } from './parts.js';
import type { Talk } from './talk.js';

/** Asks whether the email address belongs to the person. */
export function viewVerifyEmail(page: VerifyEmailPage, talk: Talk): View {
  const { brand, errors } = page;
  const { words, say } = talk;
  if (page.done) return viewVerified(page, talk);
  return {
    tab: `${words.verifyEmail.heading} · ${brand.title}`,
    heading: words.verifyEmail.heading,
    sub: say(words.verifyEmail.sub, { brand: brand.title }),
    script: ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={[]} />
        <Identity talk={talk} email={page.email} label={words.page.emailAddress} />
        <p class="body">{words.verifyEmail.question}</p>
        <form method="post" action={page.action} noValidate>
          <PrimaryButton>{words.verifyEmail.confirm}</PrimaryButton>
        </form>
      </>
    ),
  };
}

function viewVerified(page: VerifyEmailPage, talk: Talk): View {
  const { brand, continueUrl } = page;
  const { words, say } = talk;
  return {
    tab: `${words.verifyEmail.doneHeading} · ${brand.title}`,
    heading: words.verifyEmail.doneHeading,
    script: [],
    content: (
      <>
        <p class="body">{say(words.verifyEmail.done, { brand: brand.title, email: page.email })}</p>
        {page.passwordEnded && <p class="body">{words.verifyEmail.passwordEnded}</p>}
        {continueUrl === undefined ? (
          <p class="body">{words.verifyEmail.goBack}</p>
        ) : (
          <Links talk={talk} links={[{ label: words.page.continue, url: continueUrl }]} />
        )}
      </>
    ),
  };
}
