/** The outbox: each act becomes one row with its photos, in one transaction, before anything is sent. Its id is made here and
 * is the key under which the server does it once. Knows no page and no network. */
import type { Person, PhotoRow, State, Store } from "./store";
import { openBytes, openIfOwn, seal, sealBytes } from "./vault";

export interface Problem {
  status: number;
  code: string;
  message: string;
  fields: string[]; // JSON pointers into the body that was sent
}

/** An act as an API request. `photosAt` names where in the body the ids of its photos go. */
export interface Act {
  kind: "report" | "move" | "tick" | "finding" | "close" | "visit" | "photo";
  title: string;
  path: string; // below /api/v1/
  body: Record<string, unknown>;
  photosAt?: "photos" | "given.photos";
  timed?: boolean; // the body carries act, done_at and sent_at
  about?: string; // the case or place it is about, for the page
  form?: Record<string, string>; // of a draft: the fields as they stood
  problem?: Problem;
}

export interface Item extends Act {
  doneAt: number; // this phone's clock
  offset: number; // as measured at the last contact before doing
  photos: string[];
  remote: Record<string, string>; // photo -> the id the server gave it
  sending?: { body: Record<string, unknown>; first: number }; // fixed at the first try: a repeat says exactly the same
  answer?: Record<string, unknown>;
  receivedAt?: number;
}

export interface Entry {
  id: string;
  state: State;
  order: number;
  item: Item;
  stamp?: string;
}

/** What a tab has last seen of a draft, and what it now writes; never left out by a form, for several tabs may have it. */
export interface Stamps {
  seen: string | undefined;
  next: string;
}

export interface Photo {
  id: string;
  type: string;
  bytes: ArrayBuffer;
}

/** Keep an act. `id` lets a draft keep its name, unless another tab has sent it meanwhile, or written what this one has not
 * seen: then this is a new act, and both stay. The id is given back; when this returns, the act survives everything but the
 * phone itself. */
export async function keep(
  store: Store,
  person: Person,
  act: Act,
  photos: readonly Blob[],
  { state = "waiting", id = crypto.randomUUID() as string, now = Date.now(), stamps }: { state?: State; id?: string; now?: number; stamps?: Stamps } = {},
): Promise<string> {
  const rows = await Promise.all(photos.map((photo) => rowOf(person, id, photo)));
  const item: Item = { ...act, doneAt: now, offset: person.offset, photos: rows.map((row) => row.id), remote: {} };
  const sealed = await seal(person.key, item, id);
  const work = store.transaction(["people", "items", "photos"], "readwrite");
  if ((await work.objectStore("people").get(person.user))?.keyId !== person.keyId) throw new Gone(); // by another tab
  const before = await work.objectStore("items").get(id);
  const isAnothers = before && (before.state !== "draft" || (stamps && before.stamp !== stamps.seen));
  if (isAnothers) return keep(store, person, act, photos, { state, now, ...(stamps ? { stamps } : {}) }); // never written over
  const there = new Set(await work.objectStore("photos").index("item").getAllKeys(id));
  for (const row of rows) if (!there.delete(row.id)) await work.objectStore("photos").put(row);
  for (const key of there) await work.objectStore("photos").delete(key);
  await work.objectStore("items").put({ id, user: person.user, order: before?.order ?? now, state, sealed, ...(stamps ? { stamp: stamps.next } : {}) });
  await work.done;
  return id;
}

/** The key under which this would be sealed was deleted meanwhile. */
export class Gone extends Error {}

export const UNREADABLE = "unreadable";

/** All acts in their order. One that was sealed under a deleted key is shown as such and holds up nothing. */
export async function list(store: Store, person: Person): Promise<Entry[]> {
  const rows = await store.getAllFromIndex("items", "user", person.user);
  const entries = await Promise.all(rows.map(async (row): Promise<Entry> => {
    const { id, state, order, stamp } = row;
    const item = await openIfOwn<Item>(person.key, row.sealed, id);
    return item ? { id, state, order, item, ...(stamp ? { stamp } : {}) } : { id, state: "needs", order, item: unreadable(order) };
  }));
  return entries.sort((one, other) => one.order - other.order || (one.id < other.id ? -1 : 1));
}

function unreadable(doneAt: number): Item {
  const problem: Problem = { status: 0, code: UNREADABLE, message: "", fields: [] };
  return { kind: "report", title: "", path: "", body: {}, doneAt, offset: 0, photos: [], remote: {}, problem };
}

/** How many have not arrived: waiting ones, and those that need their author. Needs no key. */
export async function countUnsent(store: Store, user: string): Promise<number> {
  const rows = await store.getAllFromIndex("items", "user", user);
  return rows.filter(isUnsent).length;
}

export function isUnsent({ state }: { state: State }): boolean {
  return state === "waiting" || state === "needs";
}

export async function photosOf(store: Store, person: Person, id: string): Promise<Photo[]> {
  const rows = await store.getAllFromIndex("photos", "item", id);
  return Promise.all(rows.map(async (row) => ({ id: row.id, type: row.type, bytes: await openBytes(person.key, row.sealed, row.id) })));
}

/** Write an act's new state and contents. An act that has been received stays received, whoever comes late. */
export async function update(store: Store, person: Person, id: string, state: State, item: Item): Promise<boolean> {
  const sealed = await seal(person.key, item, id);
  const work = store.transaction(["items", "photos"], "readwrite");
  const row = await work.objectStore("items").get(id);
  const may = row !== undefined && row.state !== "received";
  if (may) {
    await work.objectStore("items").put({ ...row, state, sealed });
    if (state === "received") {
      for (const key of await work.objectStore("photos").index("item").getAllKeys(id)) await work.objectStore("photos").delete(key);
    }
  }
  await work.done;
  return may;
}

/** Its author lets an act go; those on their way cannot be let go, unless they can never leave. */
export async function letGo(store: Store, id: string, item?: Item): Promise<void> {
  const work = store.transaction(["items", "photos"], "readwrite");
  const row = await work.objectStore("items").get(id);
  if (row && (row.state !== "waiting" || item?.problem?.code === UNREADABLE)) {
    await work.objectStore("items").delete(id);
    for (const key of await work.objectStore("photos").index("item").getAllKeys(id)) await work.objectStore("photos").delete(key);
  }
  await work.done;
}

/** Received acts are shown for a week. */
export async function tidy(store: Store, person: Person, now: number, kept = 7 * 86_400_000): Promise<void> {
  for (const { id, state, item } of await list(store, person)) {
    if (state === "received" && now - (item.receivedAt ?? now) > kept) await letGo(store, id);
  }
}

/** A draft is kept at every pause of its writer; its photos are sealed and written once. */
const known = new WeakMap<Blob, { row: PhotoRow; key: CryptoKey }>();

async function rowOf(person: Person, item: string, photo: Blob): Promise<PhotoRow> {
  const before = known.get(photo);
  if (before?.row.item === item && before.key === person.key) return before.row;
  const row = await photoRow(person, item, photo);
  known.set(photo, { row, key: person.key });
  return row;
}

async function photoRow(person: Person, item: string, photo: Blob): Promise<PhotoRow> {
  const id: string = crypto.randomUUID();
  const sealed = await sealBytes(person.key, await photo.arrayBuffer(), id);
  return { id, item, user: person.user, type: photo.type, sealed };
}
