/** What is being written is a draft on the phone from the first letters on: words, choices and photos of one form, kept at
 * every pause and whenever the page is left (a phone may end it while its camera is open). The writes of a form follow
 * each other and wait for the photos of the draft that was opened. Where another tab has written or sent the same draft
 * meanwhile, what stands here becomes a draft of its own, and its writer is told. Knows no page of its own. */
import { photosOf, type Act, type Entry } from "./outbox";
import { say, toast, told } from "./page";
import type { PhotoField } from "./photoField";
import type { Session } from "./session";

export type Values = Record<string, string>;
const PAUSE = 600;
const unkept = new Set<() => Promise<unknown>>();

/** Keep at once what waits for a pause. */
export async function keepAll(): Promise<void> {
  await Promise.all([...unkept].map((keep) => keep()));
}

export function isAllKept(): boolean {
  return unkept.size === 0;
}

/** A write that a page drawn meanwhile would not know of: `keepAll` waits for it. */
export async function noted<T>(work: Promise<T>): Promise<T> {
  const wait = (): Promise<T> => work;
  unkept.add(wait);
  return work.finally(() => unkept.delete(wait));
}

/** The draft of the same act, the oldest if there are several. */
export function draftOf(session: Session, act: Pick<Act, "kind" | "path" | "about">, id?: string): Entry | undefined {
  return session.entries.find(
    ({ state, item, ...entry }) =>
      state === "draft" && item.kind === act.kind && item.path === act.path && item.about === act.about && (!id || entry.id === id),
  );
}

/** The fields of a form by their names. */
export function valuesOf(form: HTMLFormElement): Values {
  return Object.fromEntries([...new FormData(form)].filter((one): one is [string, string] => typeof one[1] === "string"));
}

export function fill(form: HTMLFormElement, values: Values): void {
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>("[name]")) {
    const value = values[field.name] ?? "";
    if (field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox")) field.checked = field.value === value;
    else field.value = value;
  }
}

/** An app before this one kept of a report only what would be sent. */
function sentValues(body: Record<string, unknown>): Values {
  const { text, condition, place } = body as { text?: string; condition?: string; place?: { words?: string; area?: string; lon?: number; lat?: number } };
  const tile = condition && told.tiles.find((one) => one.condition === condition)?.code;
  const found = { text, tile, words: place?.words, grid: place?.area, lon: place?.lon, lat: place?.lat };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value).map(([name, value]) => [name, String(value)]));
}

/** The row under which a form is kept, and what was last written there. */
interface Place {
  id: string;
  seen: string | undefined;
}

function newPlace(): Place {
  return { id: crypto.randomUUID(), seen: undefined };
}

interface Writing {
  form: HTMLFormElement;
  photos: PhotoField;
  act: () => Act; // what the form says now
  draft: Entry | undefined; // the one that was opened
  said?: (kept: boolean) => void;
}

export class Draft {
  private place: Place; // another one once the act was handed over
  private last: Promise<unknown>;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isSending = false;
  private isHandedOver = false; // kept to be sent, and the page is about to be left: nothing of it is written again
  private readonly keepNow = (): Promise<void> => this.keep();

  constructor(
    private readonly session: Session,
    private readonly of: Writing,
  ) {
    const { draft, form } = of;
    this.place = draft ? { id: draft.id, seen: draft.stamp } : newPlace();
    if (draft) fill(form, draft.item.form ?? { ...valuesOf(form), ...sentValues(draft.item.body) });
    this.last = draft && draft.item.photos.length > 0 ? this.load(draft) : Promise.resolve();
  }

  get id(): string {
    return this.place.id;
  }

  /** Something was typed, chosen or photographed. */
  changed(): void {
    if (this.isHandedOver) return;
    this.settle();
    unkept.add(this.keepNow);
    this.timer = setTimeout(() => void this.keep(), PAUSE);
  }

  /** Hands the act over to be sent. `emptied` makes room for the next words at once: a fast writer's never meet this act.
   * When it cannot be kept, everything stands in the form again. */
  async send(emptied?: () => void): Promise<boolean> {
    if (this.isHandedOver || (this.isSending && !emptied)) return false; // pressed twice
    this.isSending = true;
    this.settle();
    const { form, photos } = this.of;
    const [place, act, values] = [this.place, this.of.act(), valuesOf(form)];
    this.place = newPlace();
    emptied?.();
    const sent = this.last.then(async () => {
      const files = photos.files();
      if (emptied) photos.put([]);
      if (await this.write(place, act, files)) {
        this.isHandedOver = !emptied;
        return true;
      }
      this.place = place;
      if (emptied) {
        const since = valuesOf(form)["text"];
        fill(form, { ...values, text: [values["text"], since].filter(Boolean).join("\n") });
        photos.put([...files, ...photos.files()]);
      }
      return false;
    });
    this.last = sent.catch(() => undefined);
    return sent.finally(() => (this.isSending = false));
  }

  private settle(): void {
    clearTimeout(this.timer);
    unkept.delete(this.keepNow);
  }

  private keep(): Promise<void> {
    this.settle();
    const { form, photos, act, said } = this.of;
    const place = this.place;
    const kept = this.last.then(async () => {
      if (place !== this.place || this.isHandedOver) return; // sent meanwhile
      const before = place.id;
      const isKept = await this.write(place, { ...act(), form: valuesOf(form) }, photos.files(), true);
      said?.(isKept);
      if (isKept && before !== place.id) toast(say("draft_apart"));
    });
    this.last = kept.catch(() => undefined);
    return noted(kept);
  }

  private async write(place: Place, act: Act, photos: readonly Blob[], draft = false): Promise<boolean> {
    const next = crypto.randomUUID();
    const under = await this.session.keep(act, photos, { id: place.id, draft, stamps: { seen: place.seen, next } });
    if (under) Object.assign(place, { id: under, seen: next });
    return Boolean(under);
  }

  private async load(draft: Entry): Promise<void> {
    const { session, of } = this;
    try {
      const kept = await photosOf(session.store, session.person, draft.id);
      of.photos.put([...kept.map((one) => new Blob([one.bytes], { type: one.type })), ...of.photos.files()]);
    } catch {
      this.place = newPlace(); // photos that cannot be read stay with their draft; what is written becomes another
    }
  }
}
