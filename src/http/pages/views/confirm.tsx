/** "Is this you?": both addresses, side by side, before anything is written. */
import type { ConfirmPage } from '../models.js';
import { ErrorSummary } from './fields.js';
import type { View } from './layout.js';
import { Name, PlainButton, PrimaryButton } from './parts.js';

/** Shows the address that the IdP returned; the person goes on with it, or signs in as somebody else. */
export function viewConfirm(page: ConfirmPage): View {
  const { brand, errors } = page;
  return {
    tab: `Is this you? · ${brand.title}`,
    heading: 'Is this you?',
    sub: (
      <>
        to sign in to <Name>{brand.title}</Name>
      </>
    ),
    script: ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary errors={errors} fields={[]} />
        <dl class="facts">
          <div>
            <dt>You started as</dt>
            <dd>
              <Name>{page.typed}</Name>
            </dd>
          </div>
          <div>
            <dt>
              <Name>{page.place}</Name> says you are
            </dt>
            <dd>
              <Name>{page.email}</Name>
            </dd>
          </div>
        </dl>
        <p class="body">
          These are two different addresses. If you continue, you are signed in as <Name>{page.email}</Name>.
        </p>
        <form method="post" action={page.action} noValidate>
          <PrimaryButton>
            <span>
              Continue as <Name>{page.email}</Name>
            </span>
          </PrimaryButton>
          <PlainButton value="another">Use another account</PlainButton>
        </form>
      </>
    ),
  };
}
