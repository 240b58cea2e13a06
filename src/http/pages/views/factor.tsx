/**
 * The page for a second factor: asks for one, sets one up, shows a new recovery code, or offers a passkey. The picture
 * for the authenticator app is drawn here as SVG, so that its secret goes to no other server.
 */
import { encode } from 'uqr';
import type {
  FactorChallengePage,
  FactorEnrolPage,
  FactorMethod,
  FactorOfferPage,
  FactorPage,
  RecoveryCodePage,
} from '../factor-models.js';
import { CodeField, codeHint, ErrorSummary, InputField, triesText } from './fields.js';
import type { View } from './layout.js';
import { HiddenFields, Identity, PlainButton, PrimaryButton, QuietButton, QuietLink } from './parts.js';
import type { Talk } from './talk.js';

/** Shows the page for a second factor. */
export function viewFactor(page: FactorPage, talk: Talk): View {
  if (page.ask === 'recovery_code') return viewRecoveryCode(page, talk);
  if (page.ask === 'offer') return viewOffer(page, talk);
  return page.ask === 'enrol' ? viewEnrol(page, talk) : viewChallenge(page, talk);
}

const FIELDS = ['code'];

/** The keys of the texts for each way to answer: the question, the link to it, and the link that sets it up. */
const TEXTS = {
  otp: { ask: 'askApp', use: 'useApp', setUp: 'setUpApp' },
  email: { ask: 'askMail', use: 'useMail', setUp: 'useMail' },
  'recovery-code': { ask: 'askRecovery', use: 'useRecovery', setUp: 'useRecovery' },
  webauthn: { ask: 'askKey', use: 'useKey', setUp: 'useKey' },
  passkey: { ask: 'askKey', use: 'usePasskey', setUp: 'setUpPasskey' },
  'webauthn-roaming': { ask: 'askKey', use: 'useSecurityKey', setUp: 'setUpSecurityKey' },
} as const satisfies Readonly<Record<FactorMethod, Readonly<Record<string, string>>>>;

function Who({ page, talk }: { page: FactorPage; talk: Talk }) {
  return page.email === undefined ? null : (
    <Identity talk={talk} email={page.email} label={talk.words.page.signingInAs} />
  );
}

/** Renders links to the other ways to answer. */
function Others({ page, talk }: { page: FactorChallengePage | FactorEnrolPage; talk: Talk }) {
  const { factor } = talk.words;
  const text = page.ask === 'enrol' ? 'setUp' : 'use';
  if (page.others.length === 0) return null;
  return (
    <p class="quiet row">
      {page.others.map(({ method, url }) => (
        <QuietLink key={method} url={url}>
          {factor[TEXTS[method][text]]}
        </QuietLink>
      ))}
    </p>
  );
}

/** Renders the field for the answer. An authenticator's answer comes from the script; without script the page says so. */
function Answer({ page, talk }: { page: FactorChallengePage | FactorEnrolPage; talk: Talk }) {
  const { words } = talk;
  const { errors, method } = page;
  const tries = triesText(talk, page.triesLeft);
  if (method === 'otp' || method === 'email')
    return (
      <CodeField
        talk={talk}
        id="code"
        label={words.factor.code}
        hint={codeHint(talk, page.triesLeft)}
        errors={errors}
        first
      />
    );
  if (method === 'recovery-code')
    return (
      <InputField
        talk={talk}
        id="code"
        label={words.factor.recoveryCode}
        {...(tries !== undefined && { hint: tries })}
        errors={errors}
        first
        input={{ type: 'text', autocomplete: 'off', autocapitalize: 'characters', spellcheck: false, maxLength: 64 }}
      />
    );
  return (
    <>
      <input type="hidden" name="answer" value="" />
      {tries !== undefined && <p class="body">{tries}</p>}
      <p class="body" data-passkey-missing>
        {words.factor.noScript}
      </p>
      <p class="error" aria-live="assertive" hidden data-passkey-error>
        <span>{words.factor.cancelled}</span>
      </p>
    </>
  );
}

function Remember({ page, talk }: { page: FactorChallengePage; talk: Talk }) {
  if (!page.canRemember) return null;
  return (
    <label class="check" for="remember">
      <input id="remember" type="checkbox" name="remember" value="on" />
      <span>{talk.words.factor.remember}</span>
    </label>
  );
}

/** Renders a button for each address: a code is mailed when it is pressed, never when the page is fetched. */
function SendCode({ page, talk }: { page: FactorChallengePage; talk: Talk }) {
  const { factor } = talk.words;
  return (page.mail ?? []).map(({ id, address }) => (
    <form key={id} method="post" action={page.action} noValidate>
      <HiddenFields fields={{ to: id }} />
      {page.mailedTo === undefined ? (
        <PrimaryButton value="send">{talk.plain(factor.sendMail, { email: address })}</PrimaryButton>
      ) : (
        <QuietButton value="send">{talk.plain(factor.sendMail, { email: address })}</QuietButton>
      )}
    </form>
  ));
}

/** Renders the form for the answer; before a code was mailed there is nothing to answer. */
function ChallengeForm({ page, talk }: { page: FactorChallengePage; talk: Talk }) {
  const { words } = talk;
  const isKey = page.method === 'webauthn';
  if (page.method === 'email' && page.mailedTo === undefined) return null;
  return (
    <form method="post" action={page.action} noValidate {...(page.options && { 'data-passkey-get': page.options })}>
      <Answer page={page} talk={talk} />
      <Remember page={page} talk={talk} />
      <PrimaryButton hidden={isKey}>{isKey ? words.factor.useKey : words.page.continue}</PrimaryButton>
    </form>
  );
}

function viewChallenge(page: FactorChallengePage, talk: Talk): View {
  const { words, say } = talk;
  const { brand, errors, method } = page;
  const isKey = method === 'webauthn';
  const hasField = !isKey && (method !== 'email' || page.mailedTo !== undefined);
  return {
    tab: `${words.factor.heading} · ${brand.title}`,
    heading: words.factor.heading,
    sub: say(words.page.signInTo, { brand: brand.title }),
    script: isKey ? ['form', 'passkey'] : ['form', 'code'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={hasField ? FIELDS : []} />
        <Who page={page} talk={talk} />
        <p class="body">
          {page.mailedTo === undefined
            ? say(words.factor[TEXTS[method].ask], { brand: brand.title })
            : say(words.factor.askMailed, { email: page.mailedTo })}
        </p>
        <ChallengeForm page={page} talk={talk} />
        <SendCode page={page} talk={talk} />
        <Others page={page} talk={talk} />
        <p class="quiet small">{words.factor.lost}</p>
      </>
    ),
  };
}

/** Returns the dark modules of a row as rectangles, neighbours in one: the page stays small. */
function toRuns(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x++) {
    const start = x;
    while (row[x]) x++;
    if (x > start) path += `M${start} ${y}h${x - start}v1H${start}z`;
  }
  return path;
}

/** Renders a QR code: dark modules on white in every theme, because scanners need that contrast. */
function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { border: 2 });
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={data.map(toRuns).join('')} fill="#000" />
    </svg>
  );
}

function AppSetUp({ page, talk }: { page: FactorEnrolPage; talk: Talk }) {
  const { words } = talk;
  if (page.uri === undefined || page.secret === undefined) return null;
  return (
    <>
      <p class="body">{words.factor.scan}</p>
      <QrCode text={page.uri} label={words.factor.picture} />
      <div class="reference">
        <div>
          <span class="small">{words.factor.secret}</span>
          <code>{page.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        </div>
        <button
          class="button plain"
          type="button"
          hidden
          data-copy={page.secret}
          data-copied={words.page.copied}
          aria-live="polite"
        >
          {words.page.copy}
        </button>
      </div>
    </>
  );
}

function viewEnrol(page: FactorEnrolPage, talk: Talk): View {
  const { words, say } = talk;
  const { brand, errors, method } = page;
  const isApp = method === 'otp';
  const isOwn = page.accountUrl !== undefined || page.isByTicket === true;
  return {
    tab: `${words.factor.setUpHeading} · ${brand.title}`,
    heading: words.factor.setUpHeading,
    sub: say(isOwn ? words.forgot.sub : words.page.signInTo, { brand: brand.title }),
    script: isApp ? ['form', 'code', 'copy'] : ['form', 'passkey'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={isApp ? FIELDS : []} />
        {!isOwn && <Who page={page} talk={talk} />}
        {!isOwn && <p class="body">{say(words.factor.why, { brand: brand.title })}</p>}
        {isApp ? <AppSetUp page={page} talk={talk} /> : <p class="body">{words.factor.device}</p>}
        <form
          method="post"
          action={page.action}
          noValidate
          {...(page.options && { 'data-passkey-create': page.options })}
        >
          <HiddenFields fields={page.hidden ?? {}} />
          <Answer page={page} talk={talk} />
          <PrimaryButton hidden={!isApp}>
            {isApp ? words.page.continue : words.factor[TEXTS[method].setUp]}
          </PrimaryButton>
        </form>
        <Others page={page} talk={talk} />
        {page.accountUrl !== undefined && (
          <p class="quiet">
            <QuietLink url={page.accountUrl}>{words.account.back}</QuietLink>
          </p>
        )}
      </>
    ),
  };
}

function viewOffer(page: FactorOfferPage, talk: Talk): View {
  const { words, say } = talk;
  const { brand, errors } = page;
  return {
    tab: `${words.factor.offerHeading} · ${brand.title}`,
    heading: words.factor.offerHeading,
    sub: say(words.page.signInTo, { brand: brand.title }),
    script: ['form', 'passkey'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={[]} />
        <Who page={page} talk={talk} />
        <p class="body">{words.factor.offerWhy}</p>
        <form method="post" action={page.action} noValidate data-passkey-create={page.options}>
          <input type="hidden" name="answer" value="" />
          <p class="body" data-passkey-missing>
            {words.factor.offerNoScript}
          </p>
          <p class="error" aria-live="assertive" hidden data-passkey-error>
            <span>{words.factor.offerCancelled}</span>
          </p>
          <PrimaryButton hidden>{words.factor.offerCreate}</PrimaryButton>
        </form>
        <form method="post" action={page.action} noValidate>
          <PlainButton value="later">{words.factor.offerLater}</PlainButton>
        </form>
      </>
    ),
  };
}

/** Renders a recovery code, with a button that copies it. */
export function RecoveryCode({ code, talk: { words } }: { code: string; talk: Talk }) {
  return (
    <div class="reference">
      <div>
        <span class="small">{words.factor.recoveryCode}</span>
        <code>{code.replace(/(.{4})(?=.)/g, '$1 ')}</code>
      </div>
      <button
        class="button plain"
        type="button"
        hidden
        data-copy={code}
        data-copied={words.page.copied}
        aria-live="polite"
      >
        {words.page.copy}
      </button>
    </div>
  );
}

function viewRecoveryCode(page: RecoveryCodePage, talk: Talk): View {
  const { words, say } = talk;
  const { brand } = page;
  return {
    tab: `${words.factor.writeDown} · ${brand.title}`,
    heading: words.factor.writeDown,
    sub: say(page.accountUrl === undefined ? words.page.signInTo : words.forgot.sub, { brand: brand.title }),
    script: ['form', 'copy'],
    content: (
      <>
        <p class="body">{words.factor.writeDownWhy}</p>
        <RecoveryCode code={page.code} talk={talk} />
        <form method="post" action={page.action} noValidate>
          <PrimaryButton>{words.factor.written}</PrimaryButton>
        </form>
      </>
    ),
  };
}
