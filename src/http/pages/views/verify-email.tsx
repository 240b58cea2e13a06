/** Proof of an address by the link from a mail: the question and its result. Says nothing of the account but the address in the link. */
import type { VerifyEmailPage } from '../models.js';
import { ErrorSummary } from './fields.js';
import type { View } from './layout.js';
import { Identity, Links, Name, PrimaryButton } from './parts.js';

/** Asks whether the address belongs to the person. */
export function viewVerifyEmail(page: VerifyEmailPage): View {
  const { brand, errors } = page;
  if (page.done) return viewVerified(page);
  return {
    tab: `Confirm your email address · ${brand.title}`,
    heading: 'Confirm your email address',
    sub: (
      <>
        for <Name>{brand.title}</Name>
      </>
    ),
    script: ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary errors={errors} fields={[]} />
        <Identity email={page.email} label="Email address" />
        <p class="body">
          If this address is yours, confirm it. If you did not expect this, close the page. Then nothing changes.
        </p>
        <form method="post" action={page.action} noValidate>
          <PrimaryButton>Confirm this address</PrimaryButton>
        </form>
      </>
    ),
  };
}

function viewVerified(page: VerifyEmailPage): View {
  const { brand, continueUrl } = page;
  return {
    tab: `Your address is confirmed · ${brand.title}`,
    heading: 'Your address is confirmed',
    script: [],
    content: (
      <>
        <p class="body">
          <Name>{brand.title}</Name> now knows that <Name>{page.email}</Name> is your address.
        </p>
        {continueUrl === undefined ? (
          <p class="body">You can close this page and go back to the application.</p>
        ) : (
          <Links links={[{ label: 'Continue', url: continueUrl }]} />
        )}
      </>
    ),
  };
}
