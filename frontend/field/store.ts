/** What lies on the phone: keys, acts, photos and the pocket copy of what this user may see. All rows but the keys are
 * sealed and belong to one user; other users of the same phone never meet them. Knows no page and no network. */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { makeKey, type Sealed } from "./vault";

/** One direction only: draft -> waiting -> received. `needs`: the server has refused it, its author decides. */
export type State = "draft" | "waiting" | "needs" | "received";

export interface Person {
  user: string;
  name: string;
  key: CryptoKey;
  keyId: string; // another one: the first key was deleted, and what it had sealed with it
  token: string; // the CSRF token at the last contact: another one means that somebody has signed in or out here since
  device: string; // what the server signed at the last contact; it asks for this to know a lost phone
  offset: number; // the server's clock less this phone's, in ms, as measured at the last contact
  locked: boolean; // signed out, kept under the key until the same person signs in again
  leaving: boolean; // signed out without network: the session is ended at the next contact
}

/** Order and state lie open, so that counting needs no key; what was done is sealed. */
export interface ItemRow {
  id: string;
  user: string;
  order: number;
  state: State;
  sealed: Sealed;
  stamp?: string; // of a draft: new with each write, so that a tab knows that another one has written since
}

export interface PhotoRow {
  id: string;
  item: string;
  user: string;
  type: string;
  sealed: Sealed;
}

interface CopyRow {
  name: string;
  user: string;
  sealed: Sealed;
}

interface Shape extends DBSchema {
  people: { key: string; value: Person };
  items: { key: string; value: ItemRow; indexes: { user: string } };
  photos: { key: string; value: PhotoRow; indexes: { item: string; user: string } };
  copies: { key: [string, string]; value: CopyRow; indexes: { user: string } };
}

export type Store = IDBPDatabase<Shape>;
const OWNED = ["items", "photos", "copies"] as const;

export function openStore(name = "gewu-field"): Promise<Store> {
  return openDB<Shape>(name, 1, {
    upgrade(made) {
      made.createObjectStore("people", { keyPath: "user" });
      made.createObjectStore("items", { keyPath: "id" }).createIndex("user", "user");
      const photos = made.createObjectStore("photos", { keyPath: "id" });
      photos.createIndex("item", "item");
      photos.createIndex("user", "user");
      made.createObjectStore("copies", { keyPath: ["user", "name"] }).createIndex("user", "user");
    },
  });
}

/** The person with a key of this device; made at the first contact, unlocked by every later one. Others are locked, and
 * what they read is deleted. None when this person has just signed out without network. */
export async function admit(store: Store, met: Pick<Person, "user" | "name" | "token" | "device" | "offset">): Promise<Person | undefined> {
  const { user } = met;
  const known = await store.get("people", user);
  const key = known?.key ?? (await makeKey()); // before the transaction: it would end while the key is made
  const work = store.transaction(["people", "copies"], "readwrite");
  const people = work.objectStore("people");
  const now = await people.get(user); // another tab may have been first
  const person: Person = { key, keyId: crypto.randomUUID(), leaving: false, ...now, ...met, locked: false };
  if (!person.leaving) {
    await people.put(person);
    for (const other of await people.getAll()) {
      if (other.user === user) continue;
      await people.put({ ...other, locked: true });
      await deleteOf(work.objectStore("copies"), other.user);
    }
  }
  await work.done;
  return person.leaving ? undefined : person;
}

/** Who is here by this token, which changes whenever somebody signs in or out on this device, on whatever page. Others
 * are locked until the server has seen them again. */
export async function whoIsHere(store: Store, token: string): Promise<Person | undefined> {
  for (const person of await store.getAll("people")) {
    if (person.locked) continue;
    if (person.token === token) return person;
    await note(store, person.user, (now) => ({ locked: now.locked || now.token === person.token }));
  }
  return undefined;
}

/** Signed out, perhaps without network: what was read goes, what was done stays under the key. */
export async function lock(store: Store, user: string): Promise<void> {
  await note(store, user, () => ({ locked: true, leaving: true }));
  await forgetCopies(store, user);
}

/** The session has ended. */
export async function noteEnded(store: Store, user: string): Promise<void> {
  await note(store, user, () => ({ leaving: false }));
}

async function note(store: Store, user: string, told: (now: Person) => Partial<Person>): Promise<void> {
  const work = store.transaction("people", "readwrite");
  const person = await work.store.get(user);
  if (person) await work.store.put({ ...person, ...told(person) });
  await work.done;
}

/** A row that only remembers to end a session, under a key that has sealed nothing. */
export async function onlyLeaving(person: Person): Promise<Person> {
  return { ...person, key: await makeKey(), keyId: crypto.randomUUID(), device: "", locked: true, leaving: true };
}

/** Key, outbox, photos and copies of one person: gone at once; `left` stands in their place. */
export async function wipe(store: Store, user: string, left?: Person): Promise<void> {
  const work = store.transaction(["people", ...OWNED], "readwrite");
  await work.objectStore("people").delete(user);
  if (left) await work.objectStore("people").put(left);
  for (const name of OWNED) await deleteOf(work.objectStore(name), user);
  await work.done;
}

interface Owned {
  index: (name: "user") => { getAllKeys: (user: string) => Promise<unknown[]> };
  delete: (key: never) => Promise<void>;
}

async function deleteOf(rows: Owned, user: string): Promise<void> {
  for (const key of await rows.index("user").getAllKeys(user)) await rows.delete(key as never);
}

/** A copy that finds no space is only missing: what was done must not wait for it. Nothing is kept for somebody who has
 * left meanwhile. */
export async function keepCopy(store: Store, person: Person, name: string, sealed: Sealed): Promise<void> {
  const work = store.transaction(["people", "copies"], "readwrite");
  const now = await work.objectStore("people").get(person.user);
  try {
    const isHere = now?.keyId === person.keyId && !now.locked;
    await Promise.all([isHere && work.objectStore("copies").put({ user: person.user, name, sealed }), work.done]);
  } catch (error) {
    if (!isFull(error)) throw error;
  }
}

/** What a request says of whose it is: the server does nothing when somebody else is signed in. */
export function onlyFor({ user }: Person): Record<string, string> {
  return { "Gewu-User": encodeURIComponent(user) };
}

export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

/** Only the copies: what was read goes when its reader signs out, what was done stays. */
export async function forgetCopies(store: Store, user: string): Promise<void> {
  const work = store.transaction("copies", "readwrite");
  await deleteOf(work.store, user);
  await work.done;
}
