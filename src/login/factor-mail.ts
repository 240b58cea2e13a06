/**
 * Builds the mail to an account's owner about a change of their second factors. The owner hears of every change:
 * otherwise nobody would notice that somebody else set one up, or removed theirs (NIST SP 800-63B section 6.1.2). Must
 * have no secret.
 */
import type { FactorKind } from '../domain/factors/factor.js';
import { mailBrandOf } from '../domain/look/brand.js';
import type { LanguageWish } from '../domain/look/languages.js';
import { type KnownFacts, toMailFacts } from '../domain/mail/mail-facts.js';
import type { Email } from '../domain/people/email.js';
import { type Entropy, newSecret } from '../kernel/ids.js';
import type { OutgoingMail } from '../ports/mailer.js';

/** The change. `recovery_code`: one was used or replaced; `reset`: an operator removed all factors. */
export interface FactorNotice {
  readonly change: 'added' | 'removed' | 'reset' | 'recovery_code';
  readonly factor?: FactorKind;
}

interface MailGround {
  /** The account's address; without one there is no mail. */
  readonly to: Email | undefined;
  readonly place: Parameters<typeof mailBrandOf>[0] & KnownFacts;
  readonly at: Date;
  /** Network of the person; undefined when an operator made the change. */
  readonly ip?: string | undefined;
  readonly wish?: LanguageWish;
}

/** Returns one mail for each notice. */
export function factorMails(
  { entropy, origin }: { readonly entropy: Entropy; readonly origin: string },
  { to, place, at, ip, wish }: MailGround,
  notices: readonly FactorNotice[],
): readonly OutgoingMail[] {
  if (to === undefined) return [];
  const common = {
    ...{ brand: mailBrandOf(place, origin), at: at.toISOString(), facts: toMailFacts(place) },
    ...(ip !== undefined && { ip }),
    ...(wish && { wish }),
  };
  return notices.map((notice) => ({
    ...{ id: newSecret(entropy), to, template: 'factor_changed', model: { ...common, ...notice } },
  }));
}
