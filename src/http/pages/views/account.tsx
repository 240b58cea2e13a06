/**
 * The page of a person's account: how they sign in, where they are signed in, and their last sign-ins. Every change is a
 * form of its own, so that the page works without script.
 */
import type { ComponentChildren } from 'preact';
import type { FactorKind } from '../../../domain/factors/factor.js';
import type { Language } from '../../../domain/look/languages.js';
import { formatMoment } from '../../../kernel/calendar.js';
import type { AccountFactor, AccountPage, AccountSession } from '../account-models.js';
import { ErrorSummary } from './fields.js';
import type { View } from './layout.js';
import { Identity, Name, PlainButton } from './parts.js';
import type { Talk } from './talk.js';

interface Shown {
  readonly page: AccountPage;
  readonly talk: Talk;
}

/** The key of the name of each kind of factor. */
const KIND_WORDS = {
  otp: 'app',
  passkey: 'passkey',
  'webauthn-roaming': 'securityKey',
  'webauthn-platform': 'device',
} as const satisfies Readonly<Record<Exclude<FactorKind, 'recovery-code' | 'email'>, string>>;

const ADD_WORDS = { otp: 'setUpApp', passkey: 'setUpPasskey', 'webauthn-roaming': 'setUpSecurityKey' } as const;

function nameOf({ words }: Talk, kind: FactorKind): string {
  if (kind === 'email') return words.page.emailAddress;
  return kind === 'recovery-code' ? words.factor.recoveryCode : words.account[KIND_WORDS[kind]];
}

const momentOf = ({ words, language, plain }: Talk, at: Date): string =>
  plain(words.page.at, { date: formatMoment(at, language) });

function Form({ page, children }: { page: AccountPage; children: ComponentChildren }) {
  return (
    <form method="post" action={page.action} noValidate>
      {children}
    </form>
  );
}

/** Renders a row of a list, with the buttons of its actions. `about`: what a screen reader adds to a button's text. */
function Row(props: {
  page: AccountPage;
  buttons?: readonly { readonly value: string; readonly text: string; readonly about: string }[];
  children: ComponentChildren;
}) {
  const { page, buttons = [], children } = props;
  return (
    <li>
      <span>{children}</span>
      {buttons.length > 0 && (
        <Form page={page}>
          {buttons.map(({ value, text, about }) => (
            <PlainButton key={value} value={value}>
              {text}
              <span class="sr"> {about}</span>
            </PlainButton>
          ))}
        </Form>
      )}
    </li>
  );
}

function Factor({ page, talk, factor }: Shown & { factor: AccountFactor }) {
  const { words, plain } = talk;
  const { account } = words;
  const title = nameOf(talk, factor.kind);
  const used = factor.usedAt ? plain(account.used, { date: momentOf(talk, factor.usedAt) }) : account.unused;
  const about = factor.name ?? title;
  const buttons = [
    ...(factor.canReplace ? [{ value: `replace:${factor.id}`, text: account.replace, about }] : []),
    { value: `remove:${factor.id}`, text: account.remove, about },
  ];
  return (
    <Row page={page} buttons={page.changes === 'allowed' ? buttons : []}>
      {title}
      {factor.name !== undefined && (
        <>
          {' '}
          <Name>{factor.name}</Name>
        </>
      )}
      <span class="small">
        {plain(account.added, { date: momentOf(talk, factor.addedAt) })}, {used}
      </span>
    </Row>
  );
}

function Changes({ page, talk }: Shown) {
  const { account, factor } = talk.words;
  const isNothing = page.addable.length === 0 && page.factors.length === 0;
  if (isNothing) return null;
  if (page.changes === 'company') return <p class="hint">{account.company}</p>;
  if (page.changes === 'ask')
    return (
      <Form page={page}>
        <p class="hint">{account.confirmWhy}</p>
        <PlainButton value="confirm">{account.confirm}</PlainButton>
        {page.factors.length > 0 && <p class="hint">{factor.lost}</p>}
      </Form>
    );
  return (
    <Form page={page}>
      {page.addable.map((kind) => (
        <PlainButton key={kind} value={`add:${kind}`}>
          {factor[ADD_WORDS[kind]]}
        </PlainButton>
      ))}
      {page.mayAddAddress && <PlainButton value="add-address">{account.addAddress}</PlainButton>}
      {page.mayHaveRecoveryCode && <PlainButton value="recovery">{account.newRecovery}</PlainButton>}
    </Form>
  );
}

function Factors({ page, talk }: Shown) {
  const { account } = talk.words;
  const { factors, addable } = page;
  // An address alone is no second step: no sign-in asks for it.
  const isBare = factors.every(({ kind }) => kind === 'email');
  return (
    <section class="part">
      <h2>{account.factors}</h2>
      {isBare && <p class="hint">{addable.length === 0 ? account.noFactorsHere : account.noFactors}</p>}
      {factors.length > 0 && (
        <ul class="rows">
          {factors.map((factor) => (
            <Factor key={factor.id} page={page} talk={talk} factor={factor} />
          ))}
        </ul>
      )}
      <Changes page={page} talk={talk} />
    </section>
  );
}

/** Renders the texts of a device: its name, its network and a time. */
function Device(props: {
  talk: Talk;
  device: string | undefined;
  details: readonly (string | undefined)[];
  state?: string;
}) {
  const { talk, device, details, state } = props;
  const shown = details.filter((text) => text !== undefined && text !== '');
  return (
    <>
      {device === undefined ? talk.words.account.unknownDevice : <Name>{device}</Name>}
      {state !== undefined && <span class="state">{state}</span>}
      {shown.map((text) => (
        <span key={text} class="small">
          {text}
        </span>
      ))}
    </>
  );
}

function Session({ page, talk, session }: Shown & { session: AccountSession }) {
  const { account } = talk.words;
  const { id, device, network, usedAt, isThis } = session;
  const about = device ?? account.unknownDevice;
  return (
    <Row page={page} buttons={[{ value: `end:${id}`, text: account.end, about: isThis ? account.thisBrowser : about }]}>
      <Device
        talk={talk}
        device={device}
        details={[talk.plain(account.lastSeen, { date: momentOf(talk, usedAt) }), network]}
        {...(isThis && { state: account.thisBrowser })}
      />
    </Row>
  );
}

function Sessions({ page, talk }: Shown) {
  const { account } = talk.words;
  return (
    <section class="part">
      <h2>{account.sessions}</h2>
      <ul class="rows">
        {page.sessions.map((session) => (
          <Session key={session.id} page={page} talk={talk} session={session} />
        ))}
      </ul>
      {page.sessions.length > 1 && (
        <Form page={page}>
          <PlainButton value="end-others">{account.endOthers}</PlainButton>
        </Form>
      )}
    </section>
  );
}

function SignIns({ page, talk }: Shown) {
  const { account } = talk.words;
  return (
    <section class="part">
      <h2>{account.signIns}</h2>
      <p class="hint">{page.signIns.length === 0 ? account.noSignIns : account.check}</p>
      {page.signIns.length > 0 && (
        <ul class="rows">
          {page.signIns.map(({ at, application, device, network }) => (
            <Row key={at.toISOString()} page={page}>
              <Device talk={talk} device={application ?? device} details={[momentOf(talk, at), device, network]} />
            </Row>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Renders the way to a new password: by the old one, or for a company's session only by the mailed link. */
function Password({ page, talk }: Shown) {
  const { words, say } = talk;
  const { account } = words;
  if (!page.hasPassword) return null;
  const isCompany = page.changes === 'company';
  return (
    <section class="part">
      <h2>{account.password}</h2>
      <p class="hint">{isCompany ? say(account.passwordText, { email: page.email }) : account.changeHint}</p>
      <Form page={page}>
        <PlainButton value={isCompany ? 'password' : 'change-password'}>
          {isCompany ? words.forgot.send : account.changePassword}
        </PlainButton>
      </Form>
    </section>
  );
}

/** The languages as their own speakers write them. */
const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  ja: '日本語',
  'pt-BR': 'Português (Brasil)',
};

function Languages({ page, talk }: Shown) {
  const { account } = talk.words;
  if (page.languages.length < 2) return null;
  return (
    <section class="part">
      <h2>
        <label for="language">{account.language}</label>
      </h2>
      <Form page={page}>
        <p class="hint" id="language-hint">
          {account.languageText}
        </p>
        <select id="language" name="language" aria-describedby="language-hint">
          <option value="">{account.asBrowser}</option>
          {page.languages.map((language) => (
            <option key={language} value={language} lang={language} selected={language === page.language}>
              {LANGUAGE_NAMES[language]}
            </option>
          ))}
        </select>
        <PlainButton value="language">{account.saveLanguage}</PlainButton>
      </Form>
    </section>
  );
}

/** Shows the page of a person's account. */
export function viewAccount(page: AccountPage, talk: Talk): View {
  const { words, say, tell } = talk;
  const { account } = words;
  return {
    tab: account.heading,
    heading: account.heading,
    sub: say(words.forgot.sub, { brand: page.brand.title }),
    script: ['form'],
    wide: true,
    wrong: page.errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={page.errors} fields={[]} />
        {page.notice !== undefined && (
          <p class="note" role="status">
            {tell(page.notice)}
          </p>
        )}
        <Identity talk={talk} email={page.email} label={account.signedInAs} />
        <Sessions page={page} talk={talk} />
        <Factors page={page} talk={talk} />
        <Password page={page} talk={talk} />
        <SignIns page={page} talk={talk} />
        {page.organizations.length > 0 && (
          <section class="part">
            <h2>{account.organizations}</h2>
            <ul class="rows">
              {page.organizations.map((title) => (
                <li key={title}>
                  <Name>{title}</Name>
                </li>
              ))}
            </ul>
          </section>
        )}
        <Languages page={page} talk={talk} />
      </>
    ),
  };
}
