/** The pages that ask nothing: a refusal, an error, "signed out", and the answer that is posted to the application. */
import type { ErrorPage, FormPostPage, RefusalPage, SignedOutPage } from '../models.js';
import type { View } from './layout.js';
import { HiddenFields, Identity, Links, Reference, toSafeUrl } from './parts.js';
import type { Talk } from './talk.js';

/** The error of OAuth, folded away. It is English on every page, and says so (WCAG 3.1.2). */
function Technical({ talk, text }: { talk: Talk; text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <details class="technical">
      <summary>{talk.words.page.developers}</summary>
      <code lang="en" dir="ltr">
        {text}
      </code>
    </details>
  );
}

/**
 * The page of a refusal: its reason, the next step, and a reference number. The sentences come from the table of
 * refusals.
 */
export function viewRefusal(page: RefusalPage, talk: Talk): View {
  const title = talk.tell(page.title);
  return {
    tab: title,
    heading: title,
    unnamed: true,
    script: ['copy'],
    content: (
      <>
        {page.signedInAs !== undefined && (
          <Identity talk={talk} email={page.signedInAs} editUrl={page.editUrl} label={talk.words.page.signingInAs} />
        )}
        <p class="body">{talk.tell(page.sentence)}</p>
        <p class="body">{talk.tell(page.advice)}</p>
        <Reference talk={talk} reference={page.reference} />
        <Technical talk={talk} text={page.technical} />
        <Links talk={talk} links={page.links} />
      </>
    ),
  };
}

/** The page for a request that cannot continue: it names no person. */
export const viewError = (page: ErrorPage, talk: Talk): View =>
  viewRefusal({ ...page, page: 'refusal', signedInAs: undefined }, talk);

/** The page after a logout. */
export function viewSignedOut(page: SignedOutPage, { words, say, plain }: Talk): View {
  const names = { brand: page.brand.title };
  return {
    tab: plain(words.signOut.outTab, names),
    heading: say(words.signOut.outHeading, names),
    script: [],
    content: <p class="body">{words.signOut.out}</p>,
  };
}

/**
 * The answer of response_mode=form_post (OAuth 2.0 Form Post Response Mode, section 2). The button has no name, so that
 * the application receives only the parameters of the answer.
 */
export function viewFormPost(page: FormPostPage, { words, say, plain }: Talk): View {
  const names = { brand: page.brand.title };
  return {
    tab: plain(words.relay.headingTo, names),
    heading: say(words.relay.headingTo, names),
    script: ['form', 'submit'],
    content: (
      <>
        <p class="body">{words.page.moment}</p>
        <form method="post" action={toSafeUrl(page.action) ?? '#'}>
          <HiddenFields fields={page.fields} />
          <button class="button" type="submit">
            {words.page.continue}
          </button>
        </form>
      </>
    ),
  };
}
