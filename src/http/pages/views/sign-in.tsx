/**
 * The ordinary sign-in: the pages for the address and the password, and the page that posts a form without a question.
 */
import type { IdentifierPage, PasswordPage, RelayPage } from '../models.js';
import { ErrorSummary, HiddenUsername, PasswordField, UsernameField } from './fields.js';
import type { View } from './layout.js';
import {
  HiddenFields,
  Identity,
  InvitationOffer,
  PlainButton,
  PrimaryButton,
  QuietButton,
  QuietLink,
  toSafeUrl,
} from './parts.js';
import type { Talk } from './talk.js';

/** Renders the form for a passkey. The script shows its button, and offers passkeys in the field for the address. */
function PasskeyForm({ passkey, talk }: { passkey: NonNullable<IdentifierPage['passkey']>; talk: Talk }) {
  const { words } = talk;
  const { action, options, ui } = passkey;
  return (
    <form
      method="post"
      action={action}
      noValidate
      data-passkey-get={options}
      {...(ui !== 'button' && { 'data-passkey-conditional': '' })}
    >
      <input type="hidden" name="answer" value="" />
      {ui !== 'autofill' && (
        <>
          <PlainButton value="default" hidden>
            {words.identifier.passkey}
          </PlainButton>
          <p class="error" role="alert" hidden data-passkey-error>
            <span>{words.identifier.noPasskey}</span>
          </p>
        </>
      )}
    </form>
  );
}

/** The page that asks for the email address. The next page (the company's sign-in or the password) depends on it. */
export function viewIdentifier(page: IdentifierPage, talk: Talk): View {
  const { brand, errors, connections } = page;
  const { words, say, plain } = talk;
  const names = { brand: brand.title, application: page.applicationName };
  return {
    tab: plain(words.identifier.heading, names),
    heading: say(words.identifier.heading, names),
    sub:
      (page.applicationName !== brand.title || talk.custom?.has('identifier.sub') === true) &&
      say(words.identifier.sub, names),
    script: page.passkey ? ['form', 'passkey'] : ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={['username']} />
        <InvitationOffer page={page} talk={talk} />
        {page.signUpClosed && <p class="body">{words.identifier.signUpClosed}</p>}
        <form method="post" action={page.action} noValidate>
          <UsernameField
            talk={talk}
            id="username"
            label={words.page.emailAddress}
            value={page.username}
            errors={errors}
            // The offer of an invitation stands before the field, so the focus does not skip it.
            first={page.invitedTo === undefined}
            passkeys={page.passkey !== undefined && page.passkey.ui !== 'button'}
          />
          <PrimaryButton value={page.forPassword ? 'password' : 'default'}>{words.page.continue}</PrimaryButton>
          {connections.length > 0 && <p class="or">{words.identifier.or}</p>}
          {connections.map((connection) => (
            <PlainButton key={connection.name} value={`connection:${connection.name}`}>
              <span>{say(words.identifier.connection, { connection: connection.title })}</span>
            </PlainButton>
          ))}
          {page.passwordLink && !page.forPassword && (
            <p class="quiet">
              <QuietButton value="password">{words.identifier.usePassword}</QuietButton>
            </p>
          )}
        </form>
        {page.passkey && <PasskeyForm passkey={page.passkey} talk={talk} />}
      </>
    ),
  };
}

/** The page that asks for the password. It shows the typed address and a link to change it. */
export function viewPassword(page: PasswordPage, talk: Talk): View {
  const { brand, errors } = page;
  const { words, say, plain } = talk;
  const names = { brand: brand.title };
  return {
    tab: `${words.page.password} · ${plain(words.password.heading, names)}`,
    heading: say(words.password.heading, names),
    sub: words.password.sub !== '' && say(words.password.sub, names),
    script: ['form', 'reveal'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={['password']} />
        <Identity talk={talk} email={page.username} editUrl={page.editUrl} />
        {page.company && (
          <p class="body">
            {say(words.password.company, { company: page.company.title })}{' '}
            <QuietLink url={page.company.url}>{words.password.atCompany}</QuietLink>
          </p>
        )}
        <form method="post" action={page.action} noValidate>
          <HiddenUsername talk={talk} value={page.username} />
          <PasswordField talk={talk} id="password" label={words.page.password} use="current" errors={errors} first />
          <PrimaryButton>{words.page.continue}</PrimaryButton>
          <p class="quiet">
            <QuietLink url={page.forgotUrl}>{words.password.forgot}</QuietLink>
          </p>
        </form>
      </>
    ),
  };
}

/**
 * The page that posts a form to another address, with the script or a click. It names no application or organization,
 * because after an identity provider's answer they are not known yet.
 */
export function viewRelay(page: RelayPage, { words }: Talk): View {
  return {
    tab: words.relay.heading,
    heading: words.relay.heading,
    script: ['form', 'submit'],
    content: (
      <>
        <p class="body">{words.page.moment}</p>
        <form method="post" action={toSafeUrl(page.action) ?? '#'} noValidate>
          <HiddenFields fields={page.fields} />
          <PrimaryButton>{words.page.continue}</PrimaryButton>
        </form>
      </>
    ),
  };
}
