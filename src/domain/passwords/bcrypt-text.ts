/** bcrypt's own base64, whose alphabet begins with `./`. Pure; holds no secret. */
const BCRYPT_ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BASE64_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Decodes a part of a bcrypt hash: 16 bytes from its 22 characters of salt, 23 from its last 31. */
export function fromBcryptText(text: string): Buffer {
  const base64 = [...text].map((character) => BASE64_ALPHABET[BCRYPT_ALPHABET.indexOf(character)] ?? '').join('');
  return Buffer.from(base64, 'base64');
}
