/**
 * The page on which a signed-in person adds an address for codes by mail: the address, then the code that was mailed there.
 * A code is mailed when the button is pressed, never when the page is fetched.
 */
import type { AccountAddressPage } from '../account-models.js';
import { CodeField, codeHint, ErrorSummary, InputField } from './fields.js';
import type { View } from './layout.js';
import { HiddenFields, Identity, PrimaryButton, QuietLink } from './parts.js';
import type { Talk } from './talk.js';

function Field({ page, talk }: { page: AccountAddressPage; talk: Talk }) {
  const { words } = talk;
  const { errors } = page;
  if (page.mailedTo !== undefined) {
    const hint = codeHint(talk, page.triesLeft);
    return <CodeField {...{ talk, errors, id: 'code', label: words.factor.code, hint, first: true }} />;
  }
  return (
    <InputField
      {...{ talk, errors, id: 'email', label: words.page.emailAddress, first: true }}
      input={{
        type: 'text',
        inputmode: 'email',
        autocomplete: 'email',
        autocapitalize: 'none',
        spellcheck: false,
        dir: 'auto',
        maxLength: 254,
        value: page.typed,
      }}
    />
  );
}

/** Shows the page for a further address. */
export function viewAccountAddress(page: AccountAddressPage, talk: Talk): View {
  const { brand, errors, email, mailedTo } = page;
  const { words, say } = talk;
  const { account } = words;
  return {
    tab: `${account.addAddress} · ${brand.title}`,
    heading: account.addAddress,
    sub: say(words.forgot.sub, { brand: brand.title }),
    script: mailedTo === undefined ? ['form'] : ['form', 'code'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={mailedTo === undefined ? ['email'] : ['code']} />
        <Identity talk={talk} email={email} label={account.signedInAs} />
        <p class="body">
          {mailedTo === undefined ? account.addAddressText : say(words.factor.askMailed, { email: mailedTo })}
        </p>
        <form method="post" action={page.action} noValidate>
          <HiddenFields fields={page.hidden ?? {}} />
          <Field page={page} talk={talk} />
          <PrimaryButton>{mailedTo === undefined ? account.sendCode : words.page.continue}</PrimaryButton>
        </form>
        <p class="quiet">
          <QuietLink url={page.accountUrl}>{account.back}</QuietLink>
        </p>
      </>
    ),
  };
}
