/** Asks before signing out, when nothing shows that the request comes from the person. */
import type { SignOutPage } from '../models.js';
import { ErrorSummary } from './fields.js';
import type { View } from './layout.js';
import { Name, PrimaryButton } from './parts.js';

/** Asks whether to sign out, where a request alone must not do it. */
export function viewSignOut(page: SignOutPage): View {
  return {
    tab: `Sign out of ${page.brand.title}`,
    heading: (
      <>
        Sign out of <Name>{page.brand.title}</Name>?
      </>
    ),
    script: ['form'],
    content: (
      <>
        <ErrorSummary errors={page.errors} fields={[]} />
        <p class="body">
          {page.applicationName === undefined ? (
            'We were asked to sign you out.'
          ) : (
            <>
              <Name>{page.applicationName}</Name> asked to sign you out.
            </>
          )}{' '}
          If it was not you, close this page. Then you stay signed in.
        </p>
        <form method="post" action={page.action} noValidate>
          <PrimaryButton>Sign out</PrimaryButton>
        </form>
      </>
    ),
  };
}
