/** Pages that ask nothing: refused, failed, signed out, and the answer that is posted to the application. */
import type { ErrorPage, FormPostPage, RefusalPage, SignedOutPage } from '../models.js';
import type { View } from './layout.js';
import { HiddenFields, Identity, Links, Name, Reference, toSafeUrl } from './parts.js';

/** A refusal: its reason, the next step, a number to quote. The sentences come from the table of refusals. */
export function viewRefusal(page: RefusalPage): View {
  return {
    tab: page.title,
    heading: page.title,
    unnamed: true,
    script: ['copy'],
    content: (
      <>
        {page.signedInAs !== undefined && (
          <Identity email={page.signedInAs} editUrl={page.editUrl} label="Signing in as" />
        )}
        <p class="body">{page.sentence}</p>
        <p class="body">{page.advice}</p>
        <Reference reference={page.reference} />
        <Links links={page.links} />
      </>
    ),
  };
}

/** A request that cannot go on. */
export function viewError(page: ErrorPage): View {
  return {
    tab: page.title,
    heading: page.title,
    unnamed: true,
    script: ['copy'],
    content: (
      <>
        <p class="body">{page.sentence}</p>
        <p class="body">{page.advice}</p>
        <Reference reference={page.reference} />
        {page.technical !== undefined && (
          <details class="technical">
            <summary>Details for developers</summary>
            <code>{page.technical}</code>
          </details>
        )}
        <Links links={page.links} />
      </>
    ),
  };
}

/** Signed out. */
export function viewSignedOut(page: SignedOutPage): View {
  return {
    tab: `Signed out of ${page.brand.title}`,
    heading: (
      <>
        You are signed out of <Name>{page.brand.title}</Name>
      </>
    ),
    script: [],
    content: (
      <p class="body">
        You can close this page. If other people use this computer, close the browser too. You may still be signed in at
        your company.
      </p>
    ),
  };
}

/**
 * The answer of response_mode=form_post (OAuth 2.0 Form Post Response Mode, section 2). The button has no name: the
 * application receives the parameters of the answer and nothing else.
 */
export function viewFormPost(page: FormPostPage): View {
  return {
    tab: `Signing you in to ${page.brand.title}`,
    heading: (
      <>
        Signing you in to <Name>{page.brand.title}</Name>
      </>
    ),
    script: ['form', 'submit'],
    content: (
      <>
        <p class="body">This takes a moment. If nothing happens, press Continue.</p>
        <form method="post" action={toSafeUrl(page.action) ?? '#'}>
          <HiddenFields fields={page.fields} />
          <button class="button" type="submit">
            Continue
          </button>
        </form>
      </>
    ),
  };
}
