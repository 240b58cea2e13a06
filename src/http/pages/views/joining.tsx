/**
 * The pages for joining an organization: accepting an invitation, creating an account, and proving that an existing
 * account is one's own.
 */
import { formatMoment } from '../../../kernel/calendar.js';
import type { InvitationPage, ProofPage, SignUpPage } from '../models.js';
import {
  CodeField,
  codeHint,
  ErrorSummary,
  HiddenUsername,
  InputField,
  PasswordField,
  triesText,
  UsernameField,
} from './fields.js';
import type { View } from './layout.js';
import { Identity, Name, PrimaryButton, QuietButton, QuietLink } from './parts.js';
import type { Talk } from './talk.js';

/**
 * The page of an invitation: inviter, organization, application, expiry. If another person is signed in, it does not
 * use their session silently but offers to switch.
 */
export function viewInvitation(page: InvitationPage, talk: Talk): View {
  const { brand, errors } = page;
  const { words, say, plain } = talk;
  const names = { inviter: page.inviterName, application: page.applicationName, brand: brand.title };
  return {
    tab: plain(words.invitation.tab, names),
    heading: say(words.invitation.heading, names),
    sub: say(words.invitation.sub, names),
    script: ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={[]} />
        <InvitationFacts page={page} talk={talk} />
        {page.signedInAs !== undefined && (
          <p class="note">{say(words.invitation.other, { person: page.signedInAs })}</p>
        )}
        <form method="post" action={page.action} noValidate>
          {page.signedInAs === undefined ? (
            <PrimaryButton>{words.invitation.accept}</PrimaryButton>
          ) : (
            <PrimaryButton value="switch">{words.invitation.switch}</PrimaryButton>
          )}
        </form>
      </>
    ),
  };
}

function InvitationFacts({ page, talk }: { page: InvitationPage; talk: Talk }) {
  const { words, language, plain } = talk;
  return (
    <dl class="facts">
      <div>
        <dt>{words.invitation.joinAs}</dt>
        <dd>
          <Name>{page.email}</Name>
        </dd>
      </div>
      <div>
        <dt>{words.invitation.signInWith}</dt>
        <dd>
          {page.connectionTitle === undefined ? words.invitation.ownPassword : <Name>{page.connectionTitle}</Name>}
        </dd>
      </div>
      <div>
        <dt>{words.invitation.validUntil}</dt>
        <dd>
          <time dateTime={page.expiresAt.toISOString()}>
            {plain(words.page.at, { date: formatMoment(page.expiresAt, language) })}
          </time>
        </dd>
      </div>
    </dl>
  );
}

/** The page that creates an account: by invitation, or if the connection allows it. */
export function viewSignUp(page: SignUpPage, talk: Talk): View {
  const { brand, errors } = page;
  const { words, say } = talk;
  const fields = page.emailFixed ? ['name', 'password'] : ['username', 'name', 'password'];
  return {
    tab: `${words.signUp.heading} · ${brand.title}`,
    heading: words.signUp.heading,
    sub: say(words.signUp.sub, { brand: brand.title }),
    script: ['form', 'reveal'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={fields} />
        {page.emailFixed && <Identity talk={talk} email={page.email} label={words.page.emailAddress} />}
        <form method="post" action={page.action} noValidate>
          {page.emailFixed ? (
            <HiddenUsername talk={talk} value={page.email} />
          ) : (
            <UsernameField
              talk={talk}
              id="username"
              label={words.page.emailAddress}
              value={page.email}
              errors={errors}
              fields={fields}
              first
            />
          )}
          <InputField
            talk={talk}
            id="name"
            label={words.signUp.name}
            errors={errors}
            fields={fields}
            first={page.emailFixed}
            input={{
              type: 'text',
              autocomplete: 'name',
              dir: 'auto',
              spellcheck: false,
              maxLength: 300,
              value: page.name,
            }}
          />
          <PasswordField
            talk={talk}
            id="password"
            label={words.page.password}
            hint={talk.tell(page.passwordRule)}
            use="new"
            minimumLength={page.minimumLength}
            errors={errors}
            fields={fields}
          />
          <PrimaryButton>{words.page.continue}</PrimaryButton>
          <p class="quiet">
            <QuietLink url={page.signInUrl}>{words.signUp.haveAccount}</QuietLink>
          </p>
        </form>
      </>
    ),
  };
}

/**
 * The page that asks for a proof: the reason, and one of two ways to prove it. Every sentence is true whether or not
 * the account exists.
 */
export function viewProof(page: ProofPage, talk: Talk): View {
  const { brand, errors, method } = page;
  const { words, say } = talk;
  return {
    tab: `${words.proof.heading} · ${brand.title}`,
    heading: words.proof.heading,
    sub: say(words.page.signInTo, { brand: brand.title }),
    script: method === 'code' ? ['form', 'code'] : ['form', 'reveal'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={[method]} />
        <Identity talk={talk} email={page.email} editUrl={page.editUrl} />
        <ProofReason page={page} talk={talk} />
        <ProofForm page={page} talk={talk} />
      </>
    ),
  };
}

/**
 * Renders the reason for the question. An invited person has just opened a link from a mail. Anybody else has just
 * signed in at their company. Both would wonder why they need a code too.
 */
function ProofReason({ page, talk: { words, say } }: { page: ProofPage; talk: Talk }) {
  if (page.method === 'password') return <p class="body">{words.proof.whyPassword}</p>;
  const { why, whyInvited, whyDomain } = words.proof;
  const reason = page.reason === 'link' ? whyInvited : page.reason === 'domain' ? whyDomain : why;
  const domain = page.email.slice(page.email.lastIndexOf('@') + 1);
  return (
    <p class="body">
      {!page.unsent && `${words.proof.onItsWay} `}
      {say(reason, { domain })}
    </p>
  );
}

function ProofForm({ page, talk }: { page: ProofPage; talk: Talk }) {
  const { errors, method } = page;
  const { words } = talk;
  if (method === 'code') {
    const hint = codeHint(talk, page.triesLeft);
    return (
      <form method="post" action={page.action} noValidate>
        <CodeField talk={talk} id="code" label={words.proof.code} hint={hint} errors={errors} first />
        <PrimaryButton value="code">{words.page.continue}</PrimaryButton>
        <p class="quiet row">
          <QuietButton value="resend">{words.proof.resend}</QuietButton>
          {page.passwordUrl && <QuietLink url={page.passwordUrl}>{words.proof.usePassword}</QuietLink>}
        </p>
      </form>
    );
  }
  const left = triesText(talk, page.triesLeft);
  return (
    <form method="post" action={page.action} noValidate>
      <HiddenUsername talk={talk} value={page.email} />
      <PasswordField
        talk={talk}
        id="password"
        label={words.page.password}
        {...(left ? { hint: left } : {})}
        use="current"
        errors={errors}
        first
      />
      <PrimaryButton value="password">{words.page.continue}</PrimaryButton>
      <p class="quiet">
        <QuietLink url={page.codeUrl}>{words.proof.useCode}</QuietLink>
      </p>
    </form>
  );
}
