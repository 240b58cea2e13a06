/**
 * The page on which a signed-in person changes their password: the old one, then the new one. It also offers the link by
 * mail, because people forget passwords while they are signed in.
 */
import type { AccountPasswordPage } from '../account-models.js';
import { ErrorSummary, HiddenUsername, PasswordField } from './fields.js';
import type { View } from './layout.js';
import { Identity, PlainButton, PrimaryButton, QuietLink } from './parts.js';
import type { Talk } from './talk.js';

const FIELDS = ['old', 'password'];

/** Shows the page for a new password. */
export function viewAccountPassword(page: AccountPasswordPage, talk: Talk): View {
  const { brand, errors, email } = page;
  const { words, say } = talk;
  const { account } = words;
  return {
    tab: `${account.changePassword} · ${brand.title}`,
    heading: account.changePassword,
    sub: say(words.forgot.sub, { brand: brand.title }),
    script: ['form', 'reveal'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={FIELDS} />
        <Identity talk={talk} email={email} label={account.signedInAs} />
        <p class="body">{account.changeHint}</p>
        <form method="post" action={page.action} noValidate>
          <HiddenUsername talk={talk} value={email} />
          <PasswordField
            {...{ talk, errors, id: 'old', label: account.oldPassword, use: 'current', fields: FIELDS, first: true }}
          />
          <PasswordField
            {...{ talk, errors, id: 'password', label: words.reset.label, use: 'new', fields: FIELDS }}
            hint={talk.tell(page.passwordRule)}
            minimumLength={page.minimumLength}
          />
          <PrimaryButton>{words.reset.save}</PrimaryButton>
        </form>
        <form method="post" action={page.action}>
          <p class="hint">{say(account.forgotText, { email })}</p>
          <PlainButton value="link">{words.forgot.send}</PlainButton>
        </form>
        <p class="quiet">
          <QuietLink url={page.accountUrl}>{account.back}</QuietLink>
        </p>
      </>
    ),
  };
}
