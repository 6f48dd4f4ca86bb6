/** What all views share: the store, who is here, the pocket, and the ways to keep and send. */
import type { Pocket } from "./contact";
import type { Act, Entry, Stamps } from "./outbox";
import type { Person, Store } from "./store";

export interface Session {
  store: Store;
  person: Person;
  pocket: Pocket;
  entries: Entry[];
  now: () => number; // the server's clock, as far as this phone knows it
  keep: (act: Act, photos?: readonly Blob[], as?: { id?: string; draft?: boolean; stamps?: Stamps }) => Promise<string | undefined>; // its id; none: no space, said already
  changed: () => Promise<void>; // read the outbox again and draw
  send: () => Promise<void>;
}
