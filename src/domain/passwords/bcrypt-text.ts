/** bcrypt's own base64, whose alphabet begins with `./`. Pure; holds no secret. */
const BCRYPT_ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BASE64_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes of a part of a bcrypt hash: 16 of its 22 characters of salt, 23 of its last 31. */
export function fromBcryptText(text: string): Buffer {
  const base64 = [...text].map((character) => BASE64_ALPHABET[BCRYPT_ALPHABET.indexOf(character)] ?? '').join('');
  return Buffer.from(base64, 'base64');
}
