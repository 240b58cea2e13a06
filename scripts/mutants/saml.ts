// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in the SAML service provider: removes each check of a response. A case of the corpus has to notice it. */
import { type Mutant, mutantsOf } from './mutant.js';

const CORPUS = 'test/connectors/saml-corpus.test.ts';
type Row = readonly [breaks: string, before: string, after: string];
const inCorpus = (file: string, ...rows: readonly Row[]): Mutant[] =>
  mutantsOf(`src/connectors/saml/${file}.ts`, ...rows.map((row) => [...row, CORPUS] as const));

const READING: readonly Mutant[] = [
  ...inCorpus(
    'xml-scan',
    [
      'an entity that nobody knows',
      'if (found === null) return defect(',
      'if (found === null) return undefined;\n    if (!found) return defect(',
    ],
    [
      'a reference to no character',
      'if (code > 0x10ffff || NO_CHARACTER.test(String.fromCodePoint(code)))',
      'if (code < 0)',
    ],
    [
      'a character that XML does not allow',
      "if (NO_CHARACTER.test(text)) return defect('xml'",
      "if (false) return defect('xml'",
    ],
    ['the prefix xml given away', 'if (/^xml/i.test(prefix))', 'if (false)'],
    ['a prefix taken back', "if (prefix !== '' && uri === '')", 'if (false)'],
    ['elements that the library reads as HTML', "uri === XHTML || uri.includes('&')", "uri.includes('&')"],
    ['a namespace in references', "uri === XHTML || uri.includes('&')", 'uri === XHTML'],
    ['an attribute that is not digested', '} else if (/^xmlns/i.test(name))', '} else if (false)'],
    ['attributes without end in one element', 'if (names.length > MAX_ATTRIBUTES_OF_ONE)', 'if (false)'],
    ['attributes without end', 'if (scan.attributes > MAX_ATTRIBUTES)', 'if (false)'],
    ['names without end', 'if (scan.names.size > MAX_ELEMENT_NAMES)', 'if (false)'],
    ['depth without end', 'if (scan.open.length > MAX_DEPTH)', 'if (false)'],
    ['elements without end', 'if (scan.elements > MAX_ELEMENTS)', 'if (false)'],
    ['namespaces without end', 'if (scan.prefixes.length > MAX_PREFIXES_IN_SCOPE)', 'if (false)'],
    ['a prefix that nobody declared', 'if (unknown !== undefined)', 'if (false)'],
    [
      'elements that cross',
      'if (found === null || closeElement(scan) !== found[1])',
      'if (found === null || closeElement(scan) === undefined)',
    ],
    [
      'CDATA',
      "? defect('xml', 'a CDATA section is not read here')",
      "? void (scan.at = scan.text.indexOf(']]>', scan.at) + 3)",
    ],
    [
      'a document type',
      ": defect('doctype', 'a document type declaration is not read here')",
      ": void (scan.at = scan.text.indexOf('>', scan.at) + 1)",
    ],
    ['a comment', "if (comments === 'refused')", 'if (false)'],
    ['text around the root', '&& /[^ \\t\\r\\n]/.test(text)', '&& text === undefined'],
    ['the end of a section in text', "if (text.includes(']]>'))", 'if (false)'],
    [
      'a processing instruction',
      "return defect('processing_instruction', 'a processing instruction is not read here');",
      "return void (scan.at = scan.text.indexOf('?>', scan.at) + 2);",
    ],
  ),
  ...inCorpus(
    'xml',
    ['two spellings of the same bytes', "bytes.toString('base64') === compact ? bytes : undefined", 'bytes'],
    ['a part of a text', 'nodes.every((node) => node.nodeType === 3)', 'nodes.length > 0'],
  ),
  ...inCorpus(
    'shape',
    [
      'a look-alike in other letters',
      'element.localName.toLowerCase() === name',
      'element.localName.toLowerCase() === name && !/^[a-z]/.test(element.localName)',
    ],
    ['an id twice', 'if (seen.has(value))', 'if (false)'],
    ['an id under another spelling', "(localName ?? name).toLowerCase() !== 'id'", "name !== 'ID'"],
    [
      'a signature in another place',
      "const isPlace = parent === root || isNamed(parent, ASSERTION, 'Assertion');",
      'const isPlace = true;',
    ],
    ['a signature of another namespace', "!isPlace || !isNamed(element, DSIG, 'Signature') ||", '!isPlace ||'],
    ['two signatures of one element', ' || parents.has(parent)', ''],
    ['two assertions', 'if (assertion === undefined || found.length !== 1)', 'if (assertion === undefined)'],
    ['an assertion in another place', ' || assertion.parentNode !== response', ''],
    [
      'a response inside the response',
      "if (all.filter((one) => isCalled(one, 'response')).length !== 1)",
      'if (false)',
    ],
    ['an assertion inside the decrypted one', ' || count !== 1)', ')'],
    ['another element than an assertion', "isNamed(root, PROTOCOL, 'Response')", 'root.namespaceURI === PROTOCOL'],
  ),
];

const SIGNATURE: readonly Mutant[] = [
  ...inCorpus(
    'signature',
    ['an empty ID', 'if (!ID.test(id))', 'if (false)'],
    ['a reference to another element', "if (attributeOf(reference, 'URI') !== `#${id}`)", 'if (false)'],
    ['a reference of other parts', "if (namesOf(reference) !== 'Transforms DigestMethod DigestValue')", 'if (false)'],
    [
      'other transforms',
      'const usual = names.length === 2 && names[0] === ENVELOPED && names[1] === EXCLUSIVE;',
      'const usual = true;',
    ],
    ['parameters of the enveloped-signature transform', 'if (childrenOf(enveloped).length > 0 || ', 'if ('],
    ['parameters of the canonicalization', "isNamed(list, EXCLUSIVE, 'InclusiveNamespaces') &&", ''],
    ['a digest method that is not in the list', 'if (!isDigestAlgorithm(algorithm, rules.allowSha1) || ', 'if ('],
    [
      'parameters of the digest method',
      '!isDigestAlgorithm(algorithm, rules.allowSha1) || childrenOf(method).length > 0',
      '!isDigestAlgorithm(algorithm, rules.allowSha1)',
    ],
    ['several references, or none', "if (names !== 'CanonicalizationMethod SignatureMethod Reference')", 'if (false)'],
    ['another canonicalization', "if (attributeOf(canonicalization, 'Algorithm') !== EXCLUSIVE || ", 'if ('],
    ['a signature method that is not in the list', 'if (!isSignatureAlgorithm(algorithm, rules.allowSha1) || ', 'if ('],
    [
      'a truncated signature',
      '!isSignatureAlgorithm(algorithm, rules.allowSha1) || childrenOf(method).length > 0',
      '!isSignatureAlgorithm(algorithm, rules.allowSha1)',
    ],
    [
      'two SignedInfo, two SignatureValue, an Object',
      "if (names !== 'SignedInfo SignatureValue KeyInfo' && names !== 'SignedInfo SignatureValue')",
      'if (false)',
    ],
    [
      'the digest not compared',
      'if (digest.length !== reference.digest.length || !timingSafeEqual(digest, reference.digest))',
      'if (false)',
    ],
    ['an expired certificate', 'if (now > Date.parse(certificate.validTo))', 'if (false)'],
    ['a certificate of tomorrow', 'if (now + rules.clockSkewMs < Date.parse(certificate.validFrom))', 'if (false)'],
  ),
  ...inCorpus(
    'signing-keys',
    ['the signature not compared', 'pinned.find(({ key }) => fits(algorithm, key, text, signature))', 'pinned[0]'],
    ['SHA-1 signatures for everybody', '(allowSha1 || SIGNATURES[name]?.old !== true)', 'true'],
    ['SHA-1 digests for everybody', '(allowSha1 || DIGESTS[name]?.old !== true)', 'true'],
    ['the name of a property as a signature method', 'Object.hasOwn(SIGNATURES, name) && ', ''],
    ['a short key', '(key.asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS', 'true'],
    [
      'a key of another kind than the method',
      'if (method === undefined || key.asymmetricKeyType !== method.type)',
      'if (method === undefined)',
    ],
  ),
];

const CONDITIONS: readonly Mutant[] = [
  ...inCorpus(
    'verify-response',
    ['a response over the cap', 'if (bytes.length > MAX_RESPONSE_BYTES)', 'if (false)'],
    ['bytes that are not UTF-8', "new TextDecoder('utf-8', { fatal: true })", "new TextDecoder('utf-8')"],
    [
      'a status that is not Success',
      'if (value === SUCCESS) return undefined;',
      'if (value.length > 0) return undefined;',
    ],
    [
      'no status',
      'if (status === undefined || code === undefined || value === undefined)\n    return wrong(',
      'if (status === undefined || code === undefined || value === undefined) return undefined;\n  if (!status)\n    return wrong(',
    ],
    ['the version of the response', "if (attributeOf(response, 'Version') !== '2.0')", 'if (false)'],
    ['another issuer of the response', 'if (own.some((issuer) => textOf(issuer) !== expected.idpEntityId) || ', 'if ('],
    ['another destination', 'if (destination !== undefined && destination !== expected.acsUrl)', 'if (false)'],
    ['another request in the response', 'if (answered !== expected.requestId)', 'if (false)'],
    ['a signed response to nobody', "if (attributeOf(document.root, 'Destination') === undefined)", 'if (false)'],
    [
      'a decrypted document that is no assertion',
      'return checkAssertionRoot(document.root) ? failed : document;',
      'return document;',
    ],
    [
      'a decryption that tells why it failed',
      'return checkAssertionRoot(document.root) ? failed : document;',
      'return checkAssertionRoot(document.root) ?? document;',
    ],
    [
      'a wrong signature of the response',
      'if (isFailure(result)) return result;\n  const document',
      'if (isFailure(result)) return { document: came, verified: false };\n  const document',
    ],
    [
      'a wrong signature of the assertion',
      'if (isFailure(result)) return result;\n  if (result === undefined) {',
      'if (result === undefined || isFailure(result)) {',
    ],
    ['an assertion that nobody signed', 'if (outer.verified) return', 'if (outer) return'],
    [
      'an assertion read from what came',
      'const signed = await pause(() => parseStrict(result.verified));',
      'const signed = { ok: true, root: element } as XmlDocument;',
    ],
    [
      'a response read from what came',
      'const document = await pause(() => parseStrict(result.verified));',
      'const document = came;',
    ],
  ),
  ...inCorpus(
    'conditions',
    ['a time of any form', '!/^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?Z$/.test(text)', 'false'],
    ['before its time', 'now.getTime() + clockSkewMs < begin.getTime()', 'false'],
    ['after its time', 'now.getTime() - clockSkewMs >= end.getTime()', 'false'],
    [
      'no conditions',
      "if (conditions === undefined) return wrong('audience'",
      "if (conditions === undefined) return undefined;\n  if (!conditions) return wrong('audience'",
    ],
    ['a condition that nobody knows', 'if (unknown !== undefined)', 'if (false)'],
    [
      'another audience',
      'some((audience) => textOf(audience) === expected.audience)',
      'some((audience) => textOf(audience) !== undefined)',
    ],
    ['no audience', 'restrictions.length === 0 || !restrictions', '!restrictions'],
    ['one of several restrictions', 'restrictions.every(isForUs)', 'restrictions.some(isForUs)'],
    ['another method of confirmation', " || attributeOf(confirmation, 'Method') !== BEARER)", ')'],
    ['another recipient', "if (attributeOf(data, 'Recipient') !== expected.acsUrl)", 'if (false)'],
    ['another request in the assertion', "if (attributeOf(data, 'InResponseTo') !== expected.requestId)", 'if (false)'],
    ['a confirmation for later', "if (attributeOf(data, 'NotBefore') !== undefined)", 'if (false)'],
    [
      'a confirmation for ever',
      "return end ?? wrong('not_on_or_after', 'the confirmation has no NotOnOrAfter');",
      'return end ?? new Date(8e15);',
    ],
    [
      'no statement of a sign-in',
      'if (statement === undefined) return wrong(',
      'if (statement === undefined) return {};\n  if (!statement) return wrong(',
    ],
    ['a sign-in of tomorrow', ' || authnInstant.getTime() > now.getTime() + clockSkewMs)', ')'],
    ['a session that is over', 'if (ends !== undefined && ', 'if (false && '],
    [
      'names of properties as attributes',
      'return Object.fromEntries(found);',
      'const all: Record<string, string[]> = {};\n  for (const [name, values] of found) all[name] = values;\n  return all;',
    ],
    ['a blank name', "nameId.trim() === '' || ", "nameId === '' || "],
    ['other names beside the NameID', ' || others.length > 0)', ')'],
    ['the version of the assertion', "if (attributeOf(assertion, 'Version') !== '2.0')", 'if (false)'],
    ['no ID of the assertion', "if (!attributeOf(assertion, 'ID'))", 'if (false)'],
    ['another issuer of the assertion', 'if (issuer !== expected.idpEntityId)', 'if (false)'],
    [
      'issued in the future',
      'if (issued === undefined || !(age >= -expected.clockSkewMs))',
      'if (issued === undefined)',
    ],
    [
      'an old assertion that nobody asked for',
      'if (expected.requestId === undefined && age > MAX_UNSOLICITED_AGE_MS)',
      'if (false)',
    ],
  ),
  ...inCorpus(
    'decrypt',
    ['something beside the encrypted data', 'beside.length > 0 || ', ''],
    ['keys without end', ' || encryptedKeys.length > MAX_KEYS)', ')'],
    [
      'bytes that are not UTF-8 after decryption',
      "Buffer.concat([decipher.update(bytes.subarray(ivBytes, -16)), decipher.final()]);\n    return new TextDecoder('utf-8', { fatal: true })",
      "Buffer.concat([decipher.update(bytes.subarray(ivBytes, -16)), decipher.final()]);\n    return new TextDecoder('utf-8')",
    ],
    [
      'changed bytes of AES-GCM',
      'decipher.update(bytes.subarray(ivBytes, -16)), decipher.final()',
      'decipher.update(bytes.subarray(ivBytes, -16))',
    ],
    ['a mask of another hash', "return hash === 'sha1' ? hash : undefined;", "return 'sha1';"],
  ),
];

export const SAML_MUTANTS: readonly Mutant[] = [...READING, ...SIGNATURE, ...CONDITIONS];
