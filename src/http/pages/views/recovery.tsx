/**
 * The pages for a forgotten password: requesting a link, and choosing a new password. They never tell whether an
 * account exists.
 */
import type { ForgotPasswordPage, ResetPasswordPage } from '../models.js';
import { ErrorSummary, HiddenUsername, PasswordField, UsernameField } from './fields.js';
import type { View } from './layout.js';
import { Identity, Links, PrimaryButton, QuietLink } from './parts.js';
import type { Talk } from './talk.js';

/**
 * The page that asks for the address, and after the post the page that says the mail is on its way. Both are the same
 * whether or not the account exists.
 */
export function viewForgotPassword(page: ForgotPasswordPage, talk: Talk): View {
  return page.sent ? viewResetSent(page, talk) : viewResetRequest(page, talk);
}

function viewResetRequest(page: ForgotPasswordPage, talk: Talk): View {
  const { brand, errors } = page;
  const { words, say } = talk;
  return {
    tab: `${words.forgot.heading} · ${brand.title}`,
    heading: words.forgot.heading,
    sub: say(words.forgot.sub, { brand: brand.title }),
    script: ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={['username']} />
        <form method="post" action={page.action} noValidate>
          <UsernameField
            talk={talk}
            id="username"
            label={words.page.emailAddress}
            hint={words.forgot.hint}
            value={page.username}
            errors={errors}
            first
          />
          <PrimaryButton>{words.forgot.send}</PrimaryButton>
          <p class="quiet">
            <QuietLink url={page.backUrl}>{words.page.backToSignIn}</QuietLink>
          </p>
        </form>
      </>
    ),
  };
}

function viewResetSent(page: ForgotPasswordPage, { words, say }: Talk): View {
  const { brand } = page;
  return {
    tab: `${words.forgot.sentHeading} · ${brand.title}`,
    heading: words.forgot.sentHeading,
    script: ['form'],
    content: (
      <>
        <p class="body">{say(words.forgot.sent, { email: page.username, brand: brand.title })}</p>
        <p class="body">{words.forgot.wait}</p>
        <form method="post" action={page.action} noValidate>
          <input type="hidden" name="username" value={page.username} />
          <button class="button plain" type="submit" name="action" value="default">
            {words.forgot.again}
          </button>
          <p class="quiet">
            <QuietLink url={page.backUrl}>{words.page.backToSignIn}</QuietLink>
          </p>
        </form>
      </>
    ),
  };
}

/** The page that asks for a new password, and after the post the page that says it was changed. */
export function viewResetPassword(page: ResetPasswordPage, talk: Talk): View {
  const { brand, errors } = page;
  const { words, say } = talk;
  if (page.done) return viewResetDone(page, talk);
  return {
    tab: `${words.reset.heading} · ${brand.title}`,
    heading: words.reset.heading,
    sub: say(words.reset.sub, { brand: brand.title }),
    script: ['form', 'reveal'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={['password']} />
        <Identity talk={talk} email={page.email} label={words.page.emailAddress} />
        <form method="post" action={page.action} noValidate>
          <HiddenUsername talk={talk} value={page.email} />
          <PasswordField
            talk={talk}
            id="password"
            label={words.reset.label}
            hint={talk.tell(page.passwordRule)}
            use="new"
            minimumLength={page.minimumLength}
            errors={errors}
            first
          />
          <PrimaryButton>{words.reset.save}</PrimaryButton>
        </form>
      </>
    ),
  };
}

function viewResetDone({ brand, continueUrl }: ResetPasswordPage, talk: Talk): View {
  const { words, say } = talk;
  return {
    tab: `${words.reset.doneHeading} · ${brand.title}`,
    heading: words.reset.doneHeading,
    script: [],
    content: (
      <>
        <p class="body">{say(words.reset.done, { brand: brand.title })}</p>
        {continueUrl === undefined && <p class="body">{words.reset.goBack}</p>}
        {continueUrl !== undefined && <Links talk={talk} links={[{ label: words.page.continue, url: continueUrl }]} />}
      </>
    ),
  };
}
