/**
 * An authenticator and its browser in software (WebAuthn): makes credentials and signs assertions, with a knob for each
 * part that a check must refuse. Never part of the product.
 */
import {
  createHash,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
  sign as signBytes,
} from 'node:crypto';

type Cbor = number | string | Uint8Array | readonly Cbor[] | ReadonlyMap<number | string, Cbor>;

function cborHead(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 0xff]);
}

/** Encodes CBOR (RFC 8949) of at most 65,535 bytes or members; maps in the given order. */
export function encodeCbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value);
  if (typeof value === 'string') return Buffer.concat([cborHead(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([cborHead(2, value.length), value]);
  if (value instanceof Map) {
    const members = [...value].flatMap(([name, member]) => [encodeCbor(name), encodeCbor(member)]);
    return Buffer.concat([cborHead(5, value.size), ...members]);
  }
  const items = value as readonly Cbor[];
  return Buffer.concat([cborHead(4, items.length), ...items.map(encodeCbor)]);
}

/** Parts of an answer that an honest authenticator and browser would write otherwise. */
export interface AnswerKnobs {
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly challenge?: string;
  readonly crossOrigin?: unknown;
  readonly topOrigin?: string;
  readonly userPresent?: boolean;
  readonly userVerified?: boolean;
  readonly backupEligible?: boolean;
  readonly backedUp?: boolean;
  readonly signCount?: number;
  /** The id that the answer names beside the authenticator's data. */
  readonly namedId?: string;
  /** Members written over those of the answer, and over those of its `response`. */
  readonly answer?: Readonly<Record<string, unknown>>;
  readonly response?: Readonly<Record<string, unknown>>;
}

export interface CreationKnobs extends AnswerKnobs {
  readonly algorithm?: -7 | -8 | -257;
  readonly credentialIdBytes?: number;
  /** `self`: signed by the credential. A map: this statement under this format. */
  readonly attestation?: 'self' | { readonly format: string; readonly statement: ReadonlyMap<string, Cbor> };
  /** The algorithm that the statement of `self` names. */
  readonly statedAlgorithm?: number;
  /** Members written over those of the public key (COSE). */
  readonly key?: ReadonlyMap<number, Cbor>;
  readonly transports?: unknown;
}

export interface AssertionKnobs extends AnswerKnobs {
  /** Null leaves it out. */
  readonly userHandle?: string | null;
  /** The id of the credential that signs; the first that the options allow when absent. */
  readonly credentialId?: string;
  /** True changes a byte of the signature. */
  readonly breaksSignature?: boolean;
}

interface HeldCredential {
  readonly id: string;
  readonly rpId: string;
  readonly userHandle: string;
  readonly isDiscoverable: boolean;
  readonly algorithm: -7 | -8 | -257;
  readonly privateKey: KeyObject;
  signCount: number;
}

export interface AuthenticatorSettings {
  /** The page's origin, as the browser writes it. */
  readonly origin: string;
  readonly rpId: string;
  /** False for a key without a PIN. */
  readonly verifies?: boolean;
  /** True for an authenticator that copies its credentials to other devices. Its counter stays 0. */
  readonly isSynced?: boolean;
}

/** The options of the server, parsed or as text. Only what an authenticator reads. */
type Options = string | Readonly<Record<string, unknown>>;

interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
  readonly excludeCredentials?: readonly { readonly id: string }[];
  readonly authenticatorSelection?: { readonly residentKey?: string };
}

interface RequestOptions {
  readonly challenge: string;
  readonly rpId: string;
  readonly allowCredentials?: readonly { readonly id: string }[];
}

function read<Kind>(options: Options): Kind {
  return (typeof options === 'string' ? JSON.parse(options) : options) as Kind;
}

const toBytes = (text: string | undefined) => Buffer.from(text ?? '', 'base64url');

function newKeys(algorithm: -7 | -8 | -257): { privateKey: KeyObject; cose: Map<number, Cbor> } {
  if (algorithm === -257) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { n, e }: JsonWebKey = publicKey.export({ format: 'jwk' });
    return {
      privateKey,
      cose: new Map<number, Cbor>([
        [1, 3],
        [3, -257],
        [-1, toBytes(n)],
        [-2, toBytes(e)],
      ]),
    };
  }
  if (algorithm === -8) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const { x } = publicKey.export({ format: 'jwk' });
    return {
      privateKey,
      cose: new Map<number, Cbor>([
        [1, 1],
        [3, -8],
        [-1, 6],
        [-2, toBytes(x)],
      ]),
    };
  }
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  return {
    privateKey,
    cose: new Map<number, Cbor>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, toBytes(x)],
      [-3, toBytes(y)],
    ]),
  };
}

function toClientData(type: string, challenge: string, origin: string, knobs: AnswerKnobs): Buffer {
  return Buffer.from(
    JSON.stringify({
      type: knobs.type ?? type,
      challenge: knobs.challenge ?? challenge,
      origin: knobs.origin ?? origin,
      crossOrigin: 'crossOrigin' in knobs ? knobs.crossOrigin : false,
      topOrigin: knobs.topOrigin,
    }),
  );
}

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest();

function signWith({ algorithm, privateKey }: Pick<HeldCredential, 'algorithm' | 'privateKey'>, bytes: Buffer): Buffer {
  return signBytes(algorithm === -8 ? null : 'sha256', bytes, privateKey);
}

/** `attested` makes it the data of a registration (WebAuthn section 6.1). */
function toAuthenticatorData(
  rpId: string,
  signCount: number,
  { verifies = true, isSynced = false }: AuthenticatorSettings,
  knobs: AnswerKnobs,
  attested?: Buffer,
): Buffer {
  const flags =
    ((knobs.userPresent ?? true) ? 1 : 0) |
    ((knobs.userVerified ?? verifies) ? 4 : 0) |
    ((knobs.backupEligible ?? isSynced) ? 8 : 0) |
    ((knobs.backedUp ?? isSynced) ? 16 : 0) |
    (attested ? 64 : 0);
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(knobs.signCount ?? signCount);
  return Buffer.concat([sha256(knobs.rpId ?? rpId), Buffer.from([flags]), counter, attested ?? Buffer.alloc(0)]);
}

function toAnswer(id: string, knobs: AnswerKnobs, response: Readonly<Record<string, unknown>>): string {
  const named = knobs.namedId ?? id;
  return JSON.stringify({
    id: named,
    rawId: named,
    type: 'public-key',
    authenticatorAttachment: 'cross-platform',
    clientExtensionResults: {},
    response: { ...response, ...knobs.response },
    ...knobs.answer,
  });
}

/**
 * Creates an authenticator that is used on a page of `origin`. `create` and `get` return what the page would send:
 * `JSON.stringify(credential)`. Without knobs they answer honestly, and throw where a browser would.
 */
export function createAuthenticator(settings: AuthenticatorSettings) {
  const { origin, rpId: ownRpId, isSynced = false } = settings;
  const held: HeldCredential[] = [];

  function checkRpId(rpId: string): void {
    if (rpId !== ownRpId) throw new Error(`SecurityError: the page of ${ownRpId} asks for ${rpId}`);
  }

  function create(given: Options, knobs: CreationKnobs = {}): string {
    const options = read<CreationOptions>(given);
    checkRpId(options.rp.id);
    if (options.excludeCredentials?.some(({ id }) => held.some((credential) => credential.id === id))) {
      throw new Error('InvalidStateError: the authenticator has one of these credentials');
    }
    const { algorithm = -7, statedAlgorithm = algorithm, credentialIdBytes = 32, attestation } = knobs;
    const { privateKey, cose } = newKeys(algorithm);
    for (const [name, value] of knobs.key ?? []) cose.set(name, value);
    const idBytes = randomBytes(credentialIdBytes);
    const credential: HeldCredential = {
      ...{ id: idBytes.toString('base64url'), rpId: options.rp.id, userHandle: options.user.id, algorithm, privateKey },
      isDiscoverable: options.authenticatorSelection?.residentKey === 'required',
      signCount: isSynced ? 0 : 1,
    };
    held.push(credential);
    const length = Buffer.from([credentialIdBytes >> 8, credentialIdBytes & 0xff]);
    const attested = Buffer.concat([Buffer.alloc(16), length, idBytes, encodeCbor(cose)]);
    const data = toAuthenticatorData(options.rp.id, credential.signCount, settings, knobs, attested);
    const clientData = toClientData('webauthn.create', options.challenge, origin, knobs);
    const statement = (): { format: string; statement: ReadonlyMap<string, Cbor> } => {
      if (attestation === undefined) return { format: 'none', statement: new Map() };
      if (attestation !== 'self') return attestation;
      const signature = signWith(credential, Buffer.concat([data, sha256(clientData)]));
      return {
        format: 'packed',
        statement: new Map<string, Cbor>([
          ['alg', statedAlgorithm],
          ['sig', signature],
        ]),
      };
    };
    const { format, statement: members } = statement();
    const object = encodeCbor(
      new Map<string, Cbor>([
        ['fmt', format],
        ['attStmt', members],
        ['authData', data],
      ]),
    );
    return toAnswer(credential.id, knobs, {
      clientDataJSON: clientData.toString('base64url'),
      attestationObject: object.toString('base64url'),
      transports: knobs.transports ?? ['usb'],
    });
  }

  function get(given: Options, knobs: AssertionKnobs = {}): string {
    const options = read<RequestOptions>(given);
    checkRpId(options.rpId);
    const { allowCredentials: allowed = [] } = options;
    const credential = held.find(({ id, isDiscoverable }) =>
      knobs.credentialId !== undefined
        ? id === knobs.credentialId
        : allowed.length === 0
          ? isDiscoverable
          : allowed.some((one) => one.id === id),
    );
    if (credential === undefined) throw new Error('NotAllowedError: the authenticator has none of these credentials');
    if (!isSynced) credential.signCount += 1;
    const data = toAuthenticatorData(options.rpId, credential.signCount, settings, knobs);
    const clientData = toClientData('webauthn.get', options.challenge, origin, knobs);
    const signature = signWith(credential, Buffer.concat([data, sha256(clientData)]));
    if (knobs.breaksSignature)
      signature.writeUInt8(signature.readUInt8(signature.length - 1) ^ 1, signature.length - 1);
    // A credential that is not discoverable does not know its account.
    const handle =
      knobs.userHandle === undefined && credential.isDiscoverable ? credential.userHandle : knobs.userHandle;
    return toAnswer(credential.id, knobs, {
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: signature.toString('base64url'),
      ...(handle ? { userHandle: handle } : {}),
    });
  }

  return { create, get };
}
