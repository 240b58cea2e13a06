/** Faults in SAML single logout: removes each check of a message, and each limit of what a request may revoke. */
import { type Mutant, mutantsOf } from './mutant.js';

const CORPUS = 'test/connectors/saml-logout-corpus.test.ts';
const STORY = 'test/scenarios/saml-logout.test.ts';
type Row = readonly [breaks: string, before: string, after: string];
const inCorpus = (file: string, ...rows: readonly Row[]): Mutant[] =>
  mutantsOf(`src/connectors/saml/${file}.ts`, ...rows.map((row) => [...row, CORPUS] as const));

const CARRIED: readonly Mutant[] = inCorpus(
  'logout-carried',
  ['a parameter of a logout twice', 'if (found[name] !== undefined)', 'if (false)'],
  ['a parameter of a logout by another spelling', 'if (raw !== name)', 'if (false)'],
  ['an address of a logout that is not escaped', 'if (!/^[\\x21-\\x7e]*$/.test(query))', 'if (false)'],
  [
    'a request and an answer in one',
    'if ((request === undefined) === (response === undefined))',
    'if (request === undefined && response === undefined)',
  ],
  ['another encoding of an address', 'if (raw.SAMLEncoding !== undefined &&', 'if (false &&'],
  [
    'a signature by an unnamed method',
    'if (SigAlg === undefined || Signature === undefined || value === undefined)',
    'if (value === undefined)',
  ],
  ['a RelayState outside of the signature', 'RelayState !== undefined && `RelayState', 'false && `RelayState'],
  ['a posted logout without end', 'if (bytes.length > MAX_LOGOUT_BYTES)', 'if (false)'],
  ['a RelayState without end', 'given.length > MAX_RELAY_STATE', 'false'],
  ['a logout that is not UTF-8', '{ fatal: true }', '{ fatal: false }'],
);

const MESSAGE: readonly Mutant[] = inCorpus(
  'logout-message',
  ['another message in place of a logout', 'if (!isNamed(root, PROTOCOL, ROOTS[kind]))', 'if (false)'],
  ['a logout inside a logout', 'if (messages.length !== 1)', 'if (false)'],
  [
    'an element that does not belong to a logout',
    'if (most === undefined || child.namespaceURI !== (NAMESPACES[name] ?? PROTOCOL))',
    'if (most === undefined)',
  ],
  ['a part of a logout twice', 'if (count > most)', 'if (false)'],
  ['an id of a logout twice', 'return checkIds(root);', 'return undefined;'],
  [
    'a signature in the document of a redirect',
    "if (findChildren(document.root, DSIG, 'Signature').length > 0)",
    'if (false)',
  ],
  [
    'a logout by a weak signature',
    'if (!isSignatureAlgorithm(algorithm, rules.allowSha1))',
    'if (!isSignatureAlgorithm(algorithm, true))',
  ],
  ['a logout by any key', 'if (signer === undefined)', 'if (signer === undefined) return document.root;\n  if (false)'],
  [
    'a logout by an expired certificate',
    'return checkValidity(signer, rules) ?? document.root;',
    'return document.root;',
  ],
  [
    'a posted logout without a signature',
    "if (result === undefined) return wrong('signature', 'the message is not signed');",
    'if (result === undefined) return document.root;',
  ],
  ['a logout of another version', "if (attributeOf(root, 'Version') !== '2.0')", 'if (false)'],
  ['a logout without an id', "if (!ID.test(attributeOf(root, 'ID') ?? ''))", 'if (false)'],
  ['a logout of another identity provider', 'if (issuer !== idpEntityId)', 'if (false)'],
  ['a logout for another service', 'if (destination !== logoutUrl)', 'if (false)'],
  ['a logout of the future', 'if (issued === undefined || !(age >= -clockSkewMs))', 'if (issued === undefined)'],
  ['an old logout', 'if (age > MAX_AGE_MS + clockSkewMs)', 'if (false)'],
  ['a logout under another name', 'if (carried.kind !== kind)', 'if (false)'],
  ['an expired logout', 'if (ends !== undefined && !(end >', 'if (false && !(end >'],
  ['a session of a logout left out', 'if (indexes.length !== texts.length)', 'if (false)'],
  ['an encrypted name beside a plain one', 'name.length > MAX_NAME || others.length > 0', 'name.length > MAX_NAME'],
  ['a name without end', 'name.length > MAX_NAME || others.length > 0', 'others.length > 0'],
  ['an answer to another logout', "if (attributeOf(message.root, 'InResponseTo') !== requestId)", 'if (false)'],
);

const ENDING: readonly Mutant[] = [
  ...mutantsOf(
    'src/storage/sessions.ts',
    [
      'a logout that comes again',
      "  and (idp_session ->> 'issuedAt')::bigint <= $4\n",
      '  and $4::bigint is not null\n',
      STORY,
    ],
    [
      'a logout of a person of another connection',
      'where idp_session is not null and connection_id = $1 and',
      'where idp_session is not null and $1::text is not null and',
      STORY,
    ],
    ["a logout of everybody's", "idp_session ->> 'name' = $2", '$2::text is not null', STORY],
    [
      'refresh tokens that outlive a logout at the provider',
      'for (const row of rows) await endOffspring(db, row.user_id, row.id, at);',
      '',
      STORY,
    ],
  ),
  ...mutantsOf(
    'src/http/login/saml/single-logout.ts',
    [
      'an unverified request of logout',
      'if (asked.ok) all.push',
      "if (asked.ok || asked.check !== '') all.push",
      STORY,
    ],
    [
      'an answer that was not verified',
      "if (!finished.ok) return showFailure(call, 'answer', finished, { goOn: pending.target });",
      'if (!finished.ok) return leave(call, pending.target);',
      STORY,
    ],
  ),
];

export const SAML_LOGOUT_MUTANTS: readonly Mutant[] = [...CARRIED, ...MESSAGE, ...ENDING];
