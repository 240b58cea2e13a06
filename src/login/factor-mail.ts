/**
 * Builds the mail to an account's owner about a change of their second factors. The owner hears of every change:
 * otherwise nobody would notice that somebody else set one up, or removed theirs (NIST SP 800-63B section 6.1.2). The
 * mail about the first factor has a link that removes it; no other secret.
 */
import type { FactorKind } from '../domain/factors/factor.js';
import { mailBrandOf } from '../domain/look/brand.js';
import type { LanguageWish } from '../domain/look/languages.js';
import { type KnownFacts, toMailFacts } from '../domain/mail/mail-facts.js';
import type { Email } from '../domain/people/email.js';
import { STOP_SECONDS, sealStop } from '../domain/ticket.js';
import { addSeconds } from '../kernel/clock.js';
import { type Entropy, newSecret } from '../kernel/ids.js';
import type { SecretBox } from '../kernel/seal.js';
import type { OutgoingMail } from '../ports/mailer.js';

/** The change. `recovery_code`: one was used or replaced; `reset`: an operator removed all factors. */
export interface FactorNotice {
  readonly change: 'added' | 'removed' | 'reset' | 'recovery_code';
  readonly factor?: FactorKind;
}

/** The parts that build the mails. */
export interface FactorMailDeps {
  readonly entropy: Entropy;
  /** Public origin of this server. */
  readonly origin: string;
  /** Seals the ticket of the link. */
  readonly ticketBox: SecretBox;
}

interface MailGround {
  /** The account's address; without one there is no mail. */
  readonly to: Email | undefined;
  readonly place: Parameters<typeof mailBrandOf>[0] & KnownFacts;
  readonly at: Date;
  /** Network of the person; undefined when an operator made the change. */
  readonly ip?: string | undefined;
  readonly wish?: LanguageWish;
  /**
   * The account, if it had no factor before this change, and its owner may remove by a mailed link what is added. Attack:
   * somebody who knows the password sets up the first factor, and the owner can never pass it.
   */
  readonly stoppable: string | undefined;
}

/** The path of the page that the link opens. */
export const STOP_PATH = '/u/stop-factor';

/** Returns the link that removes the first factor. Operators have none: their mailbox alone must not open the console. */
function linkOf(
  { entropy, origin, ticketBox }: FactorMailDeps,
  { to: email, place, at, stoppable: userId }: MailGround,
): { readonly url: string; readonly expiresAt: string } | undefined {
  const { organization } = place;
  if (email === undefined || userId === undefined || organization?.isOfOperators) return undefined;
  const secret = newSecret(entropy);
  const ticket = sealStop(ticketBox, { userId, secret, email, organizationId: organization?.id, at });
  return { url: `${origin}${STOP_PATH}?ticket=${ticket}`, expiresAt: addSeconds(at, STOP_SECONDS).toISOString() };
}

/** Returns one mail for each notice. */
export function factorMails(
  deps: FactorMailDeps,
  ground: MailGround,
  notices: readonly FactorNotice[],
): readonly OutgoingMail[] {
  const { entropy, origin } = deps;
  const { to, place, at, ip, wish } = ground;
  if (to === undefined) return [];
  // One for all of them: the button of one mail ends those of the others.
  const link = notices.some(({ change }) => change === 'added') ? linkOf(deps, ground) : undefined;
  const common = {
    ...{ brand: mailBrandOf(place, origin), at: at.toISOString(), facts: toMailFacts(place) },
    ...(ip !== undefined && { ip }),
    ...(wish && { wish }),
  };
  return notices.map((notice) => ({
    ...{ id: newSecret(entropy), to, template: 'factor_changed' },
    model: { ...common, ...notice, ...(notice.change === 'added' && link) },
  }));
}
