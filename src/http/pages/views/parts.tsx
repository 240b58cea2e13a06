/**
 * Parts of a page between its heading and its fields: identity, buttons, links, reference number. Never builds an
 * address: the model supplies all, and addresses that could run a script are dropped.
 */
import type { ComponentChildren } from 'preact';
import type { OfferedInvitation } from '../models.js';
import type { Said } from '../speech.js';
import type { Talk } from './talk.js';

/**
 * Returns `url` if a link may lead there: http, https, or a path on this server. Attack: an application's settings
 * contain a `javascript:` or `data:` address.
 */
export function toSafeUrl(url: string): string | undefined {
  if (/^[/?](?![/\\])/.test(url)) return url;
  if (!URL.canParse(url)) return undefined;
  return /^https?:$/.test(new URL(url).protocol) ? url : undefined;
}

/**
 * Renders a name that somebody else chose. It is isolated (`bdi`), so that it cannot change the direction of the text
 * around it.
 */
export function Name({ children }: { children: string }) {
  return <bdi>{children}</bdi>;
}

/** Renders the address of the account, and a link to sign in with another one. */
export function Identity({
  talk,
  email,
  editUrl,
  label,
}: {
  talk: Talk;
  email: string;
  editUrl?: string | undefined;
  label?: string;
}) {
  const url = editUrl === undefined ? undefined : toSafeUrl(editUrl);
  return (
    <div class="who">
      <span>
        {label && <span class="small">{label}</span>}
        <bdi>{email}</bdi>
      </span>
      {url && <a href={url}>{talk.words.page.notYou}</a>}
    </div>
  );
}

/**
 * Renders the form's main button. It must come first in the form, because Enter presses the first button. `hidden`: only
 * a script shows it, because without script it does nothing.
 */
export function PrimaryButton({
  children,
  value = 'default',
  hidden = false,
}: {
  children: ComponentChildren;
  value?: string;
  hidden?: boolean;
}) {
  return (
    <button class="button" type="submit" name="action" value={value} hidden={hidden}>
      {children}
    </button>
  );
}

/** Renders a framed button for another choice. `hidden`: as for {@link PrimaryButton}. */
export function PlainButton({
  children,
  value,
  hidden = false,
}: {
  children: ComponentChildren;
  value: string;
  hidden?: boolean;
}) {
  return (
    <button class="button plain" type="submit" name="action" value={value} hidden={hidden}>
      {children}
    </button>
  );
}

/** Renders a button for another choice that looks like a link. */
export function QuietButton({ children, value }: { children: ComponentChildren; value: string }) {
  return (
    <button class="link" type="submit" name="action" value={value}>
      {children}
    </button>
  );
}

/**
 * Renders the invitation that this browser opened, and the button that continues with it. A form of its own: Enter in
 * the fields of the page must never choose it.
 */
export function InvitationOffer({ page, talk }: { page: OfferedInvitation & { action: string }; talk: Talk }) {
  if (page.invitedTo === undefined) return null;
  const { words, say } = talk;
  return (
    <form class="offer" method="post" action={page.action}>
      <p>{say(words.invitation.opened, { organization: page.invitedTo })}</p>
      <PlainButton value="invitation">{words.invitation.follow}</PlainButton>
    </form>
  );
}

/** Renders a link, or nothing when its address is missing or unsafe. */
export function QuietLink({ url, children }: { url: string | undefined; children: ComponentChildren }) {
  const safe = url === undefined ? undefined : toSafeUrl(url);
  return safe === undefined ? null : <a href={safe}>{children}</a>;
}

/** Renders links at the end of a page: the first as a button, the others small. */
export function Links({ talk, links }: { talk: Talk; links: readonly { label: Said; url: string }[] }) {
  const safe = links.filter((link) => toSafeUrl(link.url) !== undefined);
  const [first, ...rest] = safe;
  if (!first) return null;
  return (
    <>
      <a class="button" href={first.url}>
        {talk.tell(first.label)}
      </a>
      {rest.length > 0 && (
        <p class="quiet row">
          {rest.map((link) => (
            <a key={link.url} href={link.url}>
              {talk.tell(link.label)}
            </a>
          ))}
        </p>
      )}
    </>
  );
}

/** Renders the reference number for questions to support. With script, it has a button that copies the number. */
export function Reference({ talk, reference }: { talk: Talk; reference: string }) {
  const { words } = talk;
  return (
    <div class="reference">
      <div>
        <span class="small">{words.page.reference}</span>
        <code>{reference}</code>
      </div>
      <button
        class="button plain"
        type="button"
        hidden
        data-copy={reference}
        data-copied={words.page.copied}
        aria-live="polite"
      >
        {words.page.copy}
      </button>
    </div>
  );
}

/** Renders hidden fields, which the form posts unchanged. */
export function HiddenFields({ fields }: { fields: Readonly<Record<string, string>> }) {
  return (
    <>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </>
  );
}
