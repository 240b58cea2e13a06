/**
 * The page of a ticket for a second factor: which kinds it sets up, the sign-in that comes first for an account that has
 * one, and the result. Shows nothing about the account except its address.
 */
import type { EnrollTicketPage } from '../models.js';
import { RecoveryCode } from './factor.js';
import { ErrorSummary } from './fields.js';
import type { View } from './layout.js';
import { Identity, Links, PlainButton, PrimaryButton } from './parts.js';
import type { Talk } from './talk.js';

const ADD_WORDS = { otp: 'setUpApp', 'webauthn-roaming': 'setUpSecurityKey' } as const;

/** Shows the page. */
export function viewEnrollTicket(page: EnrollTicketPage, talk: Talk): View {
  const { brand, errors, email, step } = page;
  const { words, say } = talk;
  if (step === 'done') return viewDone(page, talk);
  return {
    tab: `${words.factor.setUpHeading} · ${brand.title}`,
    heading: words.factor.setUpHeading,
    sub: say(words.forgot.sub, { brand: brand.title }),
    script: ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={[]} />
        {email !== undefined && <Identity talk={talk} email={email} label={words.page.emailAddress} />}
        {step === 'confirm' ? <Confirm page={page} talk={talk} /> : <Kinds page={page} talk={talk} />}
      </>
    ),
  };
}

function Confirm({ page, talk }: { page: EnrollTicketPage; talk: Talk }) {
  const { account, factor } = talk.words;
  return (
    <>
      <p class="body">{account.confirmWhy}</p>
      <p class="body">{account.ticketAgain}</p>
      <form method="post" action={page.action} noValidate>
        <PlainButton value="confirm">{account.confirm}</PlainButton>
      </form>
      <p class="quiet small">{factor.lost}</p>
    </>
  );
}

function Kinds({ page, talk }: { page: EnrollTicketPage; talk: Talk }) {
  const { words, say } = talk;
  const [first, ...others] = page.kinds;
  return (
    <>
      <p class="body">{say(words.factor.why, { brand: page.brand.title })}</p>
      {first !== undefined && (
        <form method="post" action={page.action} noValidate>
          <PrimaryButton value={`add:${first}`}>{words.factor[ADD_WORDS[first]]}</PrimaryButton>
        </form>
      )}
      {others.map((kind) => (
        <form key={kind} method="post" action={page.action} noValidate>
          <PlainButton value={`add:${kind}`}>{words.factor[ADD_WORDS[kind]]}</PlainButton>
        </form>
      ))}
    </>
  );
}

function viewDone({ brand, code, continueUrl }: EnrollTicketPage, talk: Talk): View {
  const { words, say } = talk;
  return {
    tab: `${words.factor.setUpHeading} · ${brand.title}`,
    heading: code === undefined ? words.factor.setUpHeading : words.factor.writeDown,
    sub: say(words.forgot.sub, { brand: brand.title }),
    script: code === undefined ? [] : ['copy'],
    content: (
      <>
        <p class="body">{words.account.isSetUp}</p>
        {code !== undefined && <p class="body">{words.factor.writeDownWhy}</p>}
        {code !== undefined && <RecoveryCode code={code} talk={talk} />}
        {continueUrl === undefined ? (
          <p class="body">{words.verifyEmail.goBack}</p>
        ) : (
          <Links talk={talk} links={[{ label: words.page.continue, url: continueUrl }]} />
        )}
      </>
    ),
  };
}
