/** A phone that was reported lost forgets: key, copies and what was received are deleted. What was not sent yet is not
 * lost with it: it is sealed anew under a key that goes to the server once and comes back sealed, so that nobody opens it
 * on this phone until the same person has signed in on it again. Knows no page. */
import { makeKey, importKey, openBytes, sealBytes } from "./vault";
import type { ItemRow, Person, PhotoRow, Store } from "./store";
import { wipe } from "./store";

/** How many unsent acts stay, locked. `seal`: the server seals the key it is handed. */
export async function lockAway(store: Store, person: Person, seal: (key: Uint8Array<ArrayBuffer>) => Promise<string>): Promise<number> {
  const unsent = (await store.getAllFromIndex("items", "user", person.user)).filter((row) => row.state !== "received");
  if (unsent.length === 0) {
    await wipe(store, person.user);
    return 0;
  }
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const sealed = await seal(bytes);
  const key = await importKey(bytes);
  bytes.fill(0);
  const locked = await Promise.all(unsent.map((row) => (row.state === "away" ? inPeace(store, row) : resealed(store, row, person.key, key))));
  const nobodys = await makeKey();
  await wipe(store, person.user, async (work) => {
    await work.objectStore("people").put({ ...person, key: nobodys, device: "", locked: true, leaving: false });
    for (const { row, photos } of locked) {
      await work.objectStore("items").put(row.state === "away" ? row : { ...row, state: "away", was: row.state, away: sealed });
      for (const photo of photos) await work.objectStore("photos").put(photo);
    }
  });
  return locked.length;
}

/** Its owner is here again: what was locked away lies in the outbox as before. What does not open stays as it is. */
export async function bringBack(store: Store, person: Person, unlock: (sealed: string) => Promise<Uint8Array<ArrayBuffer> | undefined>): Promise<void> {
  const rows = (await store.getAllFromIndex("items", "user", person.user)).filter((row) => row.state === "away");
  for (const sealed of new Set(rows.map((row) => row.away ?? ""))) {
    const bytes = await unlock(sealed);
    if (!bytes) continue;
    const key = await importKey(bytes);
    for (const away of rows.filter((row) => row.away === sealed)) {
      const { row, photos } = await resealed(store, away, key, person.key);
      const { away: _sealed, was, ...back } = row;
      const work = store.transaction(["items", "photos"], "readwrite");
      await work.objectStore("items").put({ ...back, state: was ?? "needs" });
      for (const photo of photos) await work.objectStore("photos").put(photo);
      await work.done;
    }
  }
}

interface Whole {
  row: ItemRow;
  photos: PhotoRow[];
}

async function inPeace(store: Store, row: ItemRow): Promise<Whole> {
  return { row, photos: await store.getAllFromIndex("photos", "item", row.id) };
}

async function resealed(store: Store, row: ItemRow, from: CryptoKey, to: CryptoKey): Promise<Whole> {
  const anew = async <R extends ItemRow | PhotoRow>(one: R): Promise<R> => ({ ...one, sealed: await sealBytes(to, await openBytes(from, one.sealed, one.id), one.id) });
  const { photos } = await inPeace(store, row);
  return { row: await anew(row), photos: await Promise.all(photos.map(anew)) };
}
