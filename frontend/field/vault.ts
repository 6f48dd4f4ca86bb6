/** Seals what lies on the phone. Each user of this device has a key that the browser keeps and never hands out (WebCrypto,
 * non-extractable): a copy of the database's files opens nothing, and destroying the key destroys everything under it. */
const NONCE = 12;

export interface Sealed {
  nonce: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

export function makeKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** `name` ties the sealed bytes to their row: moved to another one they do not open. */
export async function sealBytes(key: CryptoKey, bytes: BufferSource, name: string): Promise<Sealed> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  return { nonce, data: await crypto.subtle.encrypt(method(nonce, name), key, bytes) };
}

export function openBytes(key: CryptoKey, sealed: Sealed, name: string): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt(method(sealed.nonce, name), key, sealed.data);
}

export function seal(key: CryptoKey, value: unknown, name: string): Promise<Sealed> {
  return sealBytes(key, new TextEncoder().encode(JSON.stringify(value)), name);
}

export async function open<T>(key: CryptoKey, sealed: Sealed, name: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await openBytes(key, sealed, name))) as T;
}

/** Undefined when it was sealed under another key. */
export async function openIfOwn<T>(key: CryptoKey, sealed: Sealed, name: string): Promise<T | undefined> {
  try {
    return await open<T>(key, sealed, name);
  } catch (error) {
    if (error instanceof DOMException && error.name === "OperationError") return undefined;
    throw error;
  }
}

function method(nonce: Uint8Array<ArrayBuffer>, name: string): AesGcmParams {
  return { name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(name) };
}
