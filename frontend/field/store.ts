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

/** The person with a key of this device; made at the first contact, unlocked by every later one. */
export async function admit(store: Store, user: string, name: string): Promise<Person> {
  const known = await store.get("people", user);
  const key = known?.key ?? (await makeKey()); // before the transaction: it would end while the key is made
  const work = store.transaction("people", "readwrite");
  const now = await work.store.get(user); // another tab may have been first
  const person: Person = { device: "", offset: 0, leaving: false, ...now, user, name, key: now?.key ?? key, locked: false };
  for (const other of await work.store.getAll()) {
    if (other.user !== user && !other.locked) await work.store.put({ ...other, locked: true });
  }
  await work.store.put(person);
  await work.done;
  return person;
}

/** Who opened this phone last and did not sign out. */
export async function whoWasHere(store: Store): Promise<Person | undefined> {
  return (await store.getAll("people")).find((person) => !person.locked);
}

/** Notes what the last contact told, if the person is still here. */
export async function remember(store: Store, user: string, told: Partial<Pick<Person, "device" | "offset" | "locked" | "leaving">>): Promise<void> {
  const work = store.transaction("people", "readwrite");
  const person = await work.store.get(user);
  if (person) await work.store.put({ ...person, ...told });
  await work.done;
}

/** Key, outbox, photos and copies of one person: gone at once. */
export async function wipe(store: Store, user: string): Promise<void> {
  const work = store.transaction(["people", ...OWNED], "readwrite");
  await work.objectStore("people").delete(user);
  for (const name of OWNED) {
    const rows = work.objectStore(name);
    for (const key of await rows.index("user").getAllKeys(user)) await rows.delete(key as never);
  }
  await work.done;
}

/** A copy that finds no space is only missing: what was done must not wait for it. */
export async function keepCopy(store: Store, row: CopyRow): Promise<void> {
  await store.put("copies", row).catch((error: unknown) => {
    if (!isFull(error)) throw error;
  });
}

export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

/** Only the copies: what was read goes when its reader signs out, what was done stays. */
export async function forgetCopies(store: Store, user: string): Promise<void> {
  const work = store.transaction("copies", "readwrite");
  for (const key of await work.store.index("user").getAllKeys(user)) await work.store.delete(key);
  await work.done;
}
