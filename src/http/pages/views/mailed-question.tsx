/**
 * The pages of mailed links with one question, such as the one that lifts a block: the question and the result. They show
 * nothing about the account except the address in the link.
 */
import type { MailedQuestionPage } from '../models.js';
import { ErrorSummary } from './fields.js';
import type { View } from './layout.js';
import { Identity, Links, PrimaryButton } from './parts.js';
import type { Talk } from './talk.js';

const wordsOf = (page: MailedQuestionPage, { words }: Talk) =>
  page.page === 'unblock' ? words.unblock : words.stopFactor;

/** Asks the question of the link, or says that it is done. */
export function viewMailedQuestion(page: MailedQuestionPage, talk: Talk): View {
  const { brand, errors } = page;
  const { say } = talk;
  if (page.done) return viewDone(page, talk);
  const words = wordsOf(page, talk);
  return {
    tab: `${words.heading} · ${brand.title}`,
    heading: words.heading,
    sub: say(words.sub, { brand: brand.title }),
    script: ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={[]} />
        <Identity talk={talk} email={page.email} label={talk.words.page.emailAddress} />
        <p class="body">{words.question}</p>
        <form method="post" action={page.action} noValidate>
          <PrimaryButton>{words.confirm}</PrimaryButton>
        </form>
      </>
    ),
  };
}

function viewDone(page: MailedQuestionPage, talk: Talk): View {
  const { brand, continueUrl } = page;
  const { say } = talk;
  const words = wordsOf(page, talk);
  return {
    tab: `${words.doneHeading} · ${brand.title}`,
    heading: words.doneHeading,
    script: [],
    content: (
      <>
        <p class="body">{say(words.done, { brand: brand.title, email: page.email })}</p>
        {continueUrl === undefined ? (
          <p class="body">{words.goBack}</p>
        ) : (
          <Links talk={talk} links={[{ label: talk.words.page.continue, url: continueUrl }]} />
        )}
      </>
    ),
  };
}
