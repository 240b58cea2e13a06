/**
 * The set-up's step about people: who may enter, the address and tokens for the company's directory, and the roles for
 * its groups. Shows a secret only if the page's model has it.
 */
import type { SetupBody, SetupGroups, SetupPage, SetupToken } from '../models.js';
import { Name, PlainButton } from './parts.js';
import { Form, GoOn, Value } from './setup-parts.js';

type PeoplePage = SetupPage & { readonly body: Extract<SetupBody, { step: 'people' }> };

/** Maximum number of SCIM tokens that the API allows a connection (`/connections/{id}/scim-configuration/tokens`). */
const MAX_TOKENS = 2;

function Token({ page, token }: { page: SetupPage; token: SetupToken }) {
  const { id, madeOn, usedOn, endsOn, isOver } = token;
  return (
    <li>
      <span>
        Made on {madeOn}, {usedOn === undefined ? 'not used yet' : `last used on ${usedOn}`}
        {isOver ? ', over' : endsOn !== undefined && `, ends on ${endsOn}`}
      </span>
      <Form page={page}>
        <PlainButton value={`end:${id}`}>
          Delete<span class="sr"> the token that was made on {madeOn}</span>
        </PlainButton>
      </Form>
    </li>
  );
}

function Directory({ page }: { page: PeoplePage }) {
  const { values, tokens, isReady } = page.body;
  const isFull = tokens.filter(({ isOver }) => !isOver).length >= MAX_TOKENS;
  return (
    <section class="part">
      <h2>Your directory</h2>
      <p class="hint">
        With SCIM your provider tells us of people who join and leave. Put these into its “Provisioning” settings.
      </p>
      {values.map((value) => (
        <Value key={value.label} {...value} />
      ))}
      {tokens.length > 0 && (
        <ul class="rows">
          {tokens.map((token) => (
            <Token key={token.id} page={page} token={token} />
          ))}
        </ul>
      )}
      {!isReady && <p class="body">Try a sign-in first: then your directory can send its people.</p>}
      {isReady && isFull && (
        <p class="hint">There are two tokens, the most there can be. Delete the one that your provider does not use.</p>
      )}
      {isReady && !isFull && (
        <Form page={page}>
          <PlainButton value="token">{tokens.length === 0 ? 'Make a token' : 'Make another token'}</PlainButton>
        </Form>
      )}
      {tokens.length === 1 && (
        <p class="hint">To replace a token, make another one, put it into your provider, then delete the old one.</p>
      )}
    </section>
  );
}

function Group({ group }: { group: SetupGroups['items'][number] }) {
  return (
    <fieldset class="choices group">
      <legend>
        <Name>{group.name}</Name>
      </legend>
      {group.roles.map(({ field, name, isGiven }) => (
        <div key={field} class="choice">
          <input type="checkbox" id={field} name={field} checked={isGiven} />
          <label for={field}>
            <Name>{name}</Name>
          </label>
        </div>
      ))}
    </fieldset>
  );
}

function Groups({ page, groups }: { page: SetupPage; groups: SetupGroups }) {
  const { items, more } = groups;
  return (
    <section class="part">
      <h2>Roles for groups</h2>
      <p class="hint">
        Members have the roles while they are in the group. A group makes nobody a member, and what was given to a
        person by name stays.
      </p>
      {items.length === 0 ? (
        <p class="body">
          No group has come yet. Have your provider send its groups with the token above, then open this page again.
        </p>
      ) : (
        <Form page={page}>
          <input type="hidden" name="groups" value={items.map(({ id }) => id).join(' ')} />
          {items.map((group) => (
            <Group key={group.id} group={group} />
          ))}
          {more > 0 && (
            <p class="hint">
              {more} more {more === 1 ? 'group is' : 'groups are'} not shown. Ask the people who sent you the link about
              them.
            </p>
          )}
          <PlainButton value="roles">Save the roles</PlainButton>
        </Form>
      )}
    </section>
  );
}

/** Renders the content of the step about people. */
export function People({ page }: { page: PeoplePage }) {
  const { admission, provisioning, groups } = page.body;
  return (
    <>
      <p class="body">{admission}</p>
      {provisioning && <Directory page={page} />}
      {groups && <Groups page={page} groups={groups} />}
      <GoOn page={page} />
    </>
  );
}
