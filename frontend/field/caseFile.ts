/** The whole of a case that was opened once: its history and small photos, kept sealed, so that it can be read again
 * without network for as long as the case is in the pocket. Knows no page. */
import { keepCopy, onlyFor, type Person, type Store } from "./store";
import { openBytes, openIfOwn, seal, sealBytes } from "./vault";

export interface Chapter {
  kind: string;
  at: string;
  texts?: { text: string }[];
  photos?: string[];
}

export interface CaseFile {
  at: number; // when it was read
  story: Chapter[];
}

type Fetch = typeof globalThis.fetch;

export async function readFile(store: Store, person: Person, number: string): Promise<CaseFile | undefined> {
  const name = `case/${number}`;
  const row = await store.get("copies", [person.user, name]);
  return row && openIfOwn<CaseFile>(person.key, row.sealed, name);
}

/** As it is now; undefined without network, without a session, or when it is not for this person any more. */
export async function fetchFile(store: Store, person: Person, number: string, fetch: Fetch, now: number): Promise<CaseFile | undefined> {
  const answer = await got(fetch, person, `/api/v1/cases/${encodeURIComponent(number)}`, "application/json");
  if (!answer) return undefined;
  const { story = [] } = (await answer.json()) as { story?: Chapter[] };
  const file: CaseFile = { at: now, story };
  const name = `case/${number}`;
  await keepCopy(store, person, name, await seal(person.key, file, name));
  return file;
}

/** A small photo, from the phone or, the first time, from the server. */
export async function thumb(store: Store, person: Person, number: string, id: string, fetch: Fetch): Promise<Blob | undefined> {
  const name = `thumb/${number}/${id}`;
  const row = await store.get("copies", [person.user, name]);
  if (row) return new Blob([await openBytes(person.key, row.sealed, name)], { type: "image/jpeg" });
  const answer = await got(fetch, person, `/api/v1/cases/${encodeURIComponent(number)}/photos/${id}?part=thumb`, "image/jpeg");
  if (!answer) return undefined;
  const bytes = await answer.arrayBuffer();
  await keepCopy(store, person, name, await sealBytes(person.key, bytes, name));
  return new Blob([bytes], { type: "image/jpeg" });
}

/** What is no longer in the pocket is not kept either. */
export async function dropFiles(store: Store, person: Person, kept: ReadonlySet<string>): Promise<void> {
  for (const key of await store.getAllKeysFromIndex("copies", "user", person.user)) {
    const [kind, number] = key[1].split("/");
    if (number && (kind === "case" || kind === "thumb") && !kept.has(number)) await store.delete("copies", key);
  }
}

async function got(fetch: Fetch, person: Person, path: string, kind: string): Promise<Response | undefined> {
  const answer = await fetch(path, { credentials: "same-origin", cache: "no-store", headers: onlyFor(person) }).catch(() => undefined);
  return answer?.ok && !answer.redirected && (answer.headers.get("Content-Type") ?? "").startsWith(kind) ? answer : undefined;
}
