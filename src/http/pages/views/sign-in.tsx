/** The ordinary sign-in: address and password; and the page that relays a form posted by an IdP. */
import type { IdentifierPage, PasswordPage, RelayPage } from '../models.js';
import { ErrorSummary, HiddenUsername, PasswordField, UsernameField } from './fields.js';
import type { View } from './layout.js';
import {
  HiddenFields,
  Identity,
  Name,
  PlainButton,
  PrimaryButton,
  QuietButton,
  QuietLink,
  toSafeUrl,
} from './parts.js';

/** "Sign in to Acme": the heading of both steps, so that nothing moves between them. */
function SignInTo({ title }: { title: string }) {
  return (
    <>
      Sign in to <Name>{title}</Name>
    </>
  );
}

/** Asks for the address. Everything else (the company's own sign-in, the password) follows from it. */
export function viewIdentifier(page: IdentifierPage): View {
  const { brand, errors, connections } = page;
  return {
    tab: `Sign in to ${brand.title}`,
    heading: <SignInTo title={brand.title} />,
    sub: page.applicationName !== brand.title && (
      <>
        to continue to <Name>{page.applicationName}</Name>
      </>
    ),
    script: ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary errors={errors} fields={['username']} />
        {page.signUpClosed && (
          <p class="body">You cannot open an account here yourself. Sign in, or ask for an invitation.</p>
        )}
        <form method="post" action={page.action} noValidate>
          <UsernameField id="username" label="Email address" value={page.username} errors={errors} first />
          <PrimaryButton />
          {connections.length > 0 && <p class="or">or</p>}
          {connections.map((connection) => (
            <PlainButton key={connection.name} value={`connection:${connection.name}`}>
              <span>
                Continue with <Name>{connection.title}</Name>
              </span>
            </PlainButton>
          ))}
          {page.passwordLink && (
            <p class="quiet">
              <QuietButton value="password">Use a password instead</QuietButton>
            </p>
          )}
        </form>
      </>
    ),
  };
}

/** The password, with the address that was typed and a way to change it. */
export function viewPassword(page: PasswordPage): View {
  const { brand, errors } = page;
  return {
    tab: `Password · Sign in to ${brand.title}`,
    heading: <SignInTo title={brand.title} />,
    script: ['form', 'reveal'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary errors={errors} fields={['password']} />
        <Identity email={page.username} editUrl={page.editUrl} />
        {page.company && (
          <p class="body">
            People with this address sign in at <Name>{page.company.title}</Name>. A password works only for people with
            emergency access. <QuietLink url={page.company.url}>Sign in at your company</QuietLink>
          </p>
        )}
        <form method="post" action={page.action} noValidate>
          <HiddenUsername value={page.username} />
          <PasswordField id="password" label="Password" use="current" errors={errors} first />
          <PrimaryButton />
          <p class="quiet">
            <QuietLink url={page.forgotUrl}>Forgot your password?</QuietLink>
          </p>
        </form>
      </>
    ),
  };
}

/** Posts a form once more, from our own page. On the way back from an IdP the application and the organization are not known yet. */
export function viewRelay(page: RelayPage): View {
  return {
    tab: 'Signing you in',
    heading: 'Signing you in',
    script: ['form', 'submit'],
    content: (
      <>
        <p class="body">This takes a moment. If nothing happens, press Continue.</p>
        <form method="post" action={toSafeUrl(page.action) ?? '#'} noValidate>
          <HiddenFields fields={page.fields} />
          <PrimaryButton />
        </form>
      </>
    ),
  };
}
