/** The page "Is this you?": shows both addresses before anything is written. */
import type { ConfirmPage } from '../models.js';
import { ErrorSummary } from './fields.js';
import type { View } from './layout.js';
import { Name, PlainButton, PrimaryButton } from './parts.js';
import type { Talk } from './talk.js';

/**
 * Shows the address that the identity provider returned. The person continues with it, or signs in as somebody else.
 */
export function viewConfirm(page: ConfirmPage, talk: Talk): View {
  const { brand, errors } = page;
  const { words, say } = talk;
  return {
    tab: `${words.confirm.heading} · ${brand.title}`,
    heading: words.confirm.heading,
    sub: say(words.page.signInTo, { brand: brand.title }),
    script: ['form'],
    wrong: errors.length > 0,
    content: (
      <>
        <ErrorSummary talk={talk} errors={errors} fields={[]} />
        <dl class="facts">
          <div>
            <dt>{words.confirm.startedAs}</dt>
            <dd>
              <Name>{page.typed}</Name>
            </dd>
          </div>
          <div>
            <dt>{say(words.confirm.says, { place: page.place })}</dt>
            <dd>
              <Name>{page.email}</Name>
            </dd>
          </div>
        </dl>
        <p class="body">{say(words.confirm.explain, { email: page.email })}</p>
        <form method="post" action={page.action} noValidate>
          <PrimaryButton>
            <span>{say(words.confirm.continueAs, { email: page.email })}</span>
          </PrimaryButton>
          <PlainButton value="another">{words.confirm.another}</PlainButton>
        </form>
      </>
    ),
  };
}
