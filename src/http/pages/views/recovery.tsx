/** A forgotten password: asking for the link, and choosing a new one. Never tells whether an account exists. */
import type { ForgotPasswordPage, ResetPasswordPage } from '../models.js';
import { ErrorSummary, HiddenUsername, PasswordField, UsernameField } from './fields.js';
import type { View } from './layout.js';
import { Identity, Links, Name, PrimaryButton, QuietLink } from './parts.js';

/** Ask for a new password; says the same whether or not the account exists. */
export function viewForgotPassword(page: ForgotPasswordPage): View {
  return page.sent ? viewResetSent(page) : viewResetRequest(page);
}

function viewResetRequest(page: ForgotPasswordPage): View {
  const { brand, errors } = page;
  return {
    tab: `Reset your password · ${brand.title}`,
    heading: 'Reset your password',
    sub: (
      <>
        for <Name>{brand.title}</Name>
      </>
    ),
    script: ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary errors={errors} fields={['username']} />
        <form method="post" action={page.action} noValidate>
          <UsernameField
            id="username"
            label="Email address"
            hint="We send you a link to choose a new password."
            value={page.username}
            errors={errors}
            first
          />
          <PrimaryButton>Send the link</PrimaryButton>
          <p class="quiet">
            <QuietLink url={page.backUrl}>Back to sign-in</QuietLink>
          </p>
        </form>
      </>
    ),
  };
}

function viewResetSent(page: ForgotPasswordPage): View {
  const { brand } = page;
  return {
    tab: `Check your mail · ${brand.title}`,
    heading: 'Check your mail',
    script: ['form'],
    content: (
      <>
        <p class="body">
          If <Name>{page.username}</Name> has a password at <Name>{brand.title}</Name>, a link to choose a new one is on
          its way.
        </p>
        <p class="body">It can take a few minutes. Check the spam folder before you ask again.</p>
        <form method="post" action={page.action} noValidate>
          <input type="hidden" name="username" value={page.username} />
          <button class="button plain" type="submit" name="action" value="default">
            Send it again
          </button>
          <p class="quiet">
            <QuietLink url={page.backUrl}>Back to sign-in</QuietLink>
          </p>
        </form>
      </>
    ),
  };
}

/** Choose a new password. */
export function viewResetPassword(page: ResetPasswordPage): View {
  const { brand, errors } = page;
  if (page.done) {
    return {
      tab: `Your password is changed · ${brand.title}`,
      heading: 'Your password is changed',
      script: [],
      content: (
        <>
          <p class="body">
            Use the new password to sign in to <Name>{brand.title}</Name>. You were signed out everywhere.
          </p>
          {page.continueUrl === undefined && <p class="body">Go back to the application to sign in.</p>}
          {page.continueUrl !== undefined && <Links links={[{ label: 'Continue', url: page.continueUrl }]} />}
        </>
      ),
    };
  }
  return {
    tab: `Choose a new password · ${brand.title}`,
    heading: 'Choose a new password',
    sub: (
      <>
        for <Name>{brand.title}</Name>
      </>
    ),
    script: ['form', 'reveal'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary errors={errors} fields={['password']} />
        <Identity email={page.email} label="Email address" />
        <form method="post" action={page.action} noValidate>
          <HiddenUsername value={page.email} />
          <PasswordField
            id="password"
            label="New password"
            hint={`${page.minimumLength} characters or more. A few words in a row are easy to remember.`}
            use="new"
            minimumLength={page.minimumLength}
            errors={errors}
            first
          />
          <PrimaryButton>Save password</PrimaryButton>
        </form>
      </>
    ),
  };
}
