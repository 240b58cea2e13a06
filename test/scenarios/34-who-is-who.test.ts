/**
 * The identity of a person, at the edges: subjects as long as they may be, that differ by case only, with letters and signs of all kinds; the
 * same subject at two connections and at two issuers; addresses that look alike or fold alike. They stay different people, and one
 * person stays one user.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Place } from '../support/cast.js';
import type { Visit } from '../support/http-browser.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { leaveOut, PLAYED_STRATEGIES } from '../support/providers.js';
import type { Person } from '../support/scripted-idp.js';
import { useStage } from '../support/stage.js';

describe.each(PLAYED_STRATEGIES)('over %s', (strategy) => {
  const stage = useStage({ strategy });
  const people: Record<string, Person> = {};
  let open: Place;
  let twin: Place;
  let logins = 0;

  beforeAll(async () => {
    open = await stage.cast.createPlace('open', people, { enabled: { assign_membership_on_login: true } });
    twin = await stage.cast.createPlace('twin', people, { enabled: { assign_membership_on_login: true } });
  });

  /** Comes through the IdP of a place as `person`. */
  async function come(place: Place, person: Person, connection = place.connectionName): Promise<Visit> {
    const login = `l${++logins}`;
    people[login] = person;
    const visitor = stage.visitor();
    const page = await visitor.open({ organization: place.id, connection });
    return visitor.signInAtIdp(page, login);
  }

  async function userOf(place: Place, person: Person, connection?: string): Promise<string> {
    const login = `l${++logins}`;
    people[login] = person;
    const visitor = stage.visitor();
    const page = await visitor.open({ organization: place.id, connection: connection ?? place.connectionName });
    return String((await visitor.redeem(await visitor.signInAtIdp(page, login))).claims.sub);
  }

  const LONG = 'x'.repeat(254);

  describe('subjects', () => {
    test('that differ in one letter, in its case alone, or in the last of 255 characters are as many people, each once', async () => {
      const subjects = ['s', 'S', 's ', 'ss', `s${LONG}`, `S${LONG}`, `${LONG}a`, `${LONG}A`, `${LONG}b`].filter(
        (subject) => subject.trim() === subject,
      );
      const users = new Map<string, string>();
      for (const round of [1, 2])
        for (const subject of subjects) {
          const user = await userOf(open, { sub: subject });
          if (round === 1) users.set(subject, user);
          else expect(user, subject).toBe(users.get(subject));
          expect(user).toBe(open.userIdOf(subject));
        }
      expect(new Set(users.values()).size).toBe(subjects.length);
    });

    test.each([
      'a|b',
      'a b',
      "a'b;--",
      'a"b',
      '../a',
      '<b>a</b>',
      '%41',
      '{}',
      '$1',
      '\\a',
      'a:b@c',
      '-1',
      '0',
      'null',
      'constructor',
    ])('with signs in them are who they are: %s', async (subject) => {
      const user = await userOf(open, { sub: subject, email: 'signs@elsewhere.example' });
      expect(user).toBe(open.userIdOf(subject));
      const found = await stage.instance.api('GET', `/users/${encodeURIComponent(user)}`);
      expect(found.user_id).toBe(user);
      expect(await userOf(open, { sub: subject })).toBe(user);
    });

    test.for<readonly [string, string]>([
      ['256 characters', 'x'.repeat(256)],
      ['a letter outside ASCII', 'danä'],
      ['the same letter in two code points', 'dana\u0308'],
      ['a letter that folds to an ASCII one', '\u017fam'],
      ['a letter of full width', '\uff41'],
      ['an emoji', '\u{1f600}'],
      ['a space at its end', 'dana '],
      ['a space of no width', 'da\u200bna'],
      ['a NUL', 'dana\0'],
      ['a line break', 'dana\n'],
    ])(
      'that are none (OpenID Connect Core, section 2): %s; refused, nothing left',
      async ([name, subject], context) => {
        leaveOut(context, strategy, {
          waad: 'the subject is a GUID of Entra’s making',
          ...(name === 'a line break' && { samlp: 'the package samlp takes line breaks out before it signs' }),
        });
        const before = await stage.instance.snapshot();
        const answer = await come(open, { sub: subject, email: 'dana@acme.example', email_verified: true });
        expect((await stage.refusal(answer)).details.code).toBe('authenticate.idp_invalid');
        await expectNothingLeft(stage.instance, before);
      },
    );

    test('that are the same at two issuers, and at two connections of one issuer, are different people', async () => {
      const second = await stage.instance.api('POST', '/connections', {
        name: 'open-second',
        strategy,
        options: open.options,
      });
      await stage.instance.api('POST', `/organizations/${open.id}/enabled_connections`, {
        connection_id: second.id,
        assign_membership_on_login: true,
      });
      // The address, a reason to recognize the person, has no voucher.
      const person = { sub: 'same', email: 'same@elsewhere.example', email_verified: false };
      const users = [await userOf(open, person), await userOf(twin, person), await userOf(open, person, 'open-second')];
      expect(users).toEqual([
        open.userIdOf('same'),
        twin.userIdOf('same'),
        `${strategy}|open-second|${open.subjectOf('same')}`,
      ]);
      expect([
        await userOf(open, person),
        await userOf(twin, person),
        await userOf(open, person, 'open-second'),
      ]).toEqual(users);
      const { rows } = await stage.instance.database.pool.query<{ issuer: string; user_id: string }>(
        `select issuer, user_id from identities where subject = $1 and status = 'bound' order by user_id`,
        [open.subjectOf('same')],
      );
      expect(rows.map((row) => row.user_id)).toEqual([...users].sort());
      // All companies at Google have one issuer.
      expect(new Set(rows.map((row) => row.issuer)).size).toBe(strategy === 'google-apps' ? 1 : 2);
    });
  });

  /** Dana's address, asserted and called verified by Acme's own IdP, in other letters. */
  const lookalikes: readonly (readonly [string, string])[] = [
    ['a dot more', 'd.ana@acme.example'],
    ['a tag', 'dana+x@acme.example'],
    ['a letter without its dot', 'd\u0131na@acme.example'],
    ['a Cyrillic letter', 'd\u0430na@acme.example'],
    ['a letter of full width', '\uff44ana@acme.example'],
    ['an accent of its own', 'dana\u0301@acme.example'],
    ['a space of no width', 'da\u200bna@acme.example'],
    ['a domain of full width', 'dana@\uff41cme.example'],
    ['an ideographic full stop', 'dana@acme\u3002example'],
    ['a soft hyphen in its domain', 'dana@ac\u00adme.example'],
    ['a dot at the end of its domain', 'dana@acme.example.'],
    ['a domain below', 'dana@x.acme.example'],
    ['a domain that ends alike', 'dana@notacme.example'],
    ['two @', 'dana@acme.example@acme.example'],
    ['quotes', '"dana"@acme.example'],
    ['a comment', 'dana(x)@acme.example'],
    ['a name before it', 'Dana <dana@acme.example>'],
    ['spaces around it', ' dana@acme.example '],
    ['a NUL after it', 'dana@acme.example\0'],
  ];

  describe('addresses', () => {
    let dana: string;
    let kim: string;
    beforeAll(async () => {
      dana = await stage.cast.createMember('dana@acme.example');
      kim = await stage.cast.createMember('kim@acme.example');
    });
    const at = (sub: string, email: string): Person => ({ sub, email, email_verified: true });

    async function comeToAcme(person: Person) {
      stage.cast.people.alike = person;
      const visitor = stage.visitor();
      const page = await visitor.open({ connection: stage.cast.acme.connectionName });
      return { visitor, answer: await visitor.signInAtIdp(page, 'alike') };
    }

    test.each(lookalikes)("with %s are not Dana's: a stranger, nothing left", async (_name, email) => {
      const before = await stage.instance.snapshot();
      const { answer } = await comeToAcme(at('idp-alike', email));
      // XML has no NUL: there is no identity then.
      const code = strategy === 'samlp' && email.includes('\0') ? 'authenticate.idp_invalid' : 'admit.not_a_member';
      expect((await stage.refusal(answer)).details.code).toBe(code);
      await expectNothingLeft(stage.instance, before);
    });

    test('whose K is the sign for kelvin are not Kim, whose k it folds to', async () => {
      const before = await stage.instance.snapshot();
      const { answer } = await comeToAcme(at('idp-kelvin', '\u212aim@acme.example'));
      expect((await stage.refusal(answer)).details.code).toBe('admit.not_a_member');
      await expectNothingLeft(stage.instance, before);
      expect(kim).toMatch(/^auth0\|/);
    });

    test('in capitals of ASCII are the same address, in local part and domain', async () => {
      const { visitor, answer } = await comeToAcme(at('idp-dana', 'DANA@Acme.EXAMPLE'));
      expect((await visitor.redeem(answer)).claims.sub).toBe(dana);
    });

    test('an invitation is found by its address in whatever ASCII case it was written', async () => {
      await stage.cast.invite('Ivy.Invited@ACME.example');
      const { visitor, answer } = await comeToAcme(at('idp-ivy2', 'ivy.invited@Acme.Example'));
      expect((await visitor.redeem(answer)).claims).toMatchObject({ email: 'ivy.invited@acme.example' });
    });
  });
});
