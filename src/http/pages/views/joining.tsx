/** The pages for joining an organization: the invitation, the new account, the proof of an old one. */
import { formatInstant } from '../../../kernel/calendar.js';
import type { InvitationPage, ProofPage, SignUpPage } from '../models.js';
import { CodeField, ErrorSummary, HiddenUsername, InputField, PasswordField, UsernameField } from './fields.js';
import type { View } from './layout.js';
import { Identity, Name, PrimaryButton, QuietButton, QuietLink } from './parts.js';

/** The invitation: inviter, organization, application, expiry. No session of another person is used silently: the page offers a switch. */
export function viewInvitation(page: InvitationPage): View {
  const { brand, errors } = page;
  return {
    tab: `Invitation to ${brand.title}`,
    heading: (
      <>
        Join <Name>{brand.title}</Name>
      </>
    ),
    sub: (
      <>
        <Name>{page.inviterName}</Name> invites you to use <Name>{page.applicationName}</Name> as part of{' '}
        <Name>{brand.title}</Name>.
      </>
    ),
    script: ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary errors={errors} fields={[]} />
        <InvitationFacts page={page} />
        {page.signedInAs !== undefined && (
          <p class="note">
            You are signed in as <Name>{page.signedInAs}</Name>. This invitation is for another address. It stays valid
            if you leave it for now.
          </p>
        )}
        <form method="post" action={page.action} noValidate>
          {page.signedInAs === undefined ? (
            <PrimaryButton>Accept invitation</PrimaryButton>
          ) : (
            <PrimaryButton value="switch">Sign out and switch account</PrimaryButton>
          )}
        </form>
      </>
    ),
  };
}

function InvitationFacts({ page }: { page: InvitationPage }) {
  return (
    <dl class="facts">
      <div>
        <dt>You join as</dt>
        <dd>
          <Name>{page.email}</Name>
        </dd>
      </div>
      <div>
        <dt>You sign in with</dt>
        <dd>{page.connectionTitle === undefined ? 'A password of your own' : <Name>{page.connectionTitle}</Name>}</dd>
      </div>
      <div>
        <dt>Valid until</dt>
        <dd>
          <time dateTime={page.expiresAt.toISOString()}>{formatInstant(page.expiresAt)}</time>
        </dd>
      </div>
    </dl>
  );
}

/** A new account: by invitation, or where the connection allows it. */
export function viewSignUp(page: SignUpPage): View {
  const { brand, errors } = page;
  const fields = page.emailFixed ? ['name', 'password'] : ['username', 'name', 'password'];
  return {
    tab: `Create your account · ${brand.title}`,
    heading: 'Create your account',
    sub: (
      <>
        to join <Name>{brand.title}</Name>
      </>
    ),
    script: ['form', 'reveal'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary errors={errors} fields={fields} />
        {page.emailFixed && <Identity email={page.email} label="Email address" />}
        <form method="post" action={page.action} noValidate>
          {page.emailFixed ? (
            <HiddenUsername value={page.email} />
          ) : (
            <UsernameField
              id="username"
              label="Email address"
              value={page.email}
              errors={errors}
              fields={fields}
              first
            />
          )}
          <InputField
            id="name"
            label="Your name"
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
            id="password"
            label="Password"
            hint={page.passwordRule}
            use="new"
            minimumLength={page.minimumLength}
            errors={errors}
            fields={fields}
          />
          <PrimaryButton />
          <p class="quiet">
            <QuietLink url={page.signInUrl}>I have an account already</QuietLink>
          </p>
        </form>
      </>
    ),
  };
}

/** Why we ask, and one of two proofs. Every sentence is true whether or not the account exists. */
export function viewProof(page: ProofPage): View {
  const { brand, errors, method } = page;
  return {
    tab: `Confirm that it is you · ${brand.title}`,
    heading: 'Confirm that it is you',
    sub: (
      <>
        to sign in to <Name>{brand.title}</Name>
      </>
    ),
    script: method === 'code' ? ['form', 'code'] : ['form', 'reveal'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary errors={errors} fields={[method]} />
        <Identity email={page.email} editUrl={page.editUrl} />
        <ProofReason page={page} />
        <ProofForm page={page} />
      </>
    ),
  };
}

/** Why a code is mailed. An invited person has opened a link from a mail a minute ago, and would ask. */
function codeReason({ invited }: ProofPage): string {
  return invited
    ? 'You came by an invitation link. A link can be passed on to others, so we also check that the invited address is yours.'
    : 'We ask for a code so that nobody else can use your address, or take over an account that you have here.';
}

/** The question and its reason: "so that nobody else can take over your account". */
function ProofReason({ page }: { page: ProofPage }) {
  if (page.method === 'password')
    return (
      <p class="body">
        Enter the password that you have used here before. We ask so that nobody else can take over your account.
      </p>
    );
  return (
    <p class="body">
      {!page.unsent && 'A code is on its way to this address. It takes a minute at most. '}
      {codeReason(page)}
    </p>
  );
}

function ProofForm({ page }: { page: ProofPage }) {
  const { errors, method } = page;
  const tries = page.triesLeft;
  const left = tries === undefined ? undefined : tries === 1 ? 'One try is left.' : `${tries} tries are left.`;
  if (method === 'code') {
    return (
      <form method="post" action={page.action} noValidate>
        <CodeField id="code" label="Code" hint={left ? `Six digits. ${left}` : 'Six digits'} errors={errors} first />
        <PrimaryButton value="code" />
        <p class="quiet row">
          <QuietButton value="resend">Send a new code</QuietButton>
          <QuietLink url={page.passwordUrl}>Use my password</QuietLink>
        </p>
      </form>
    );
  }
  return (
    <form method="post" action={page.action} noValidate>
      <HiddenUsername value={page.email} />
      <PasswordField
        id="password"
        label="Password"
        {...(left ? { hint: left } : {})}
        use="current"
        errors={errors}
        first
      />
      <PrimaryButton value="password" />
      <p class="quiet">
        <QuietLink url={page.codeUrl}>Send me a code by email instead</QuietLink>
      </p>
    </form>
  );
}
