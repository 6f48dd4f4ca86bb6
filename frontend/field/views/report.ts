/** A new matter: words, photos, where. What is typed is a draft on the phone from the first letters on. */
import { Draft, draftOf, fill } from "../draft";
import type { Act } from "../outbox";
import { h, say, toast, type Child } from "../page";
import { categoryField } from "../categoryField";
import { photoField } from "../photoField";
import type { Session } from "../session";

export function report(session: Session, draftId?: string): Child[] {
  const kind = categoryField();
  const text = h("textarea", { id: "text", name: "text", rows: "4", required: true, "aria-describedby": "text-hint" });
  const words = h("input", { id: "words", name: "words", "aria-describedby": "words-hint" });
  const grids = session.pocket.grids.filter((grid) => grid.own);
  const grid = h("select", { id: "grid", name: "grid", required: true }, ...grids.map((one) => h("option", { value: one.code }, one.name)));
  const [lon, lat] = ["lon", "lat"].map((name) => h("input", { type: "hidden", name })) as [HTMLInputElement, HTMLInputElement];
  const said = h("p", { class: "field__hint", role: "status" });

  const act = (): Act => {
    const where = lon.value ? { lon: Number(lon.value), lat: Number(lat.value) } : { area: grid.value };
    return {
      kind: "report", title: text.value.trim().slice(0, 40), path: "reports", photosAt: "photos", timed: true,
      body: { text: text.value, condition: kind.value(), source: "worker", wants_answer: false, place: { ...where, words: words.value } },
    };
  };
  const locate = (): void => {
    const matter = draft.id;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        if (matter !== draft.id || !form.isConnected) return; // sent or left meanwhile: never another form's place
        [lon.value, lat.value] = [String(coords.longitude), String(coords.latitude)];
        said.textContent = say("position_taken");
        draft.changed();
      },
      () => (said.textContent = say("position_refused")),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 },
    );
  };
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    said.textContent = "";
    if (await draft.send(() => fill(form, { grid: grid.value }))) toast(say("keep_it"));
    else if (lon.value) said.textContent = say("position_taken");
  };
  const photos = photoField(() => draft.changed());
  const form = h("form", { class: "stack", submit: (event) => void send(event), input: () => draft.changed() },
    h("div", { class: "field" }, photos.element),
    kind.element,
    h("div", { class: "field" }, h("label", { class: "field__label", for: "text" }, say("what")), h("p", { class: "field__hint", id: "text-hint" }, say("what_hint")), text),
    h("div", { class: "field" }, h("label", { class: "field__label", for: "words" }, say("where")), h("p", { class: "field__hint", id: "words-hint" }, say("where_hint")), words),
    grids.length > 0 && h("div", { class: "field" }, h("label", { class: "field__label", for: "grid" }, say("grid")), grid),
    h("div", {}, lon, lat, h("button", { type: "button", class: "button button--second", click: locate }, say("position")), h("p", { class: "field__hint" }, say("position_hint"))),
    said,
    h("button", { class: "button button--wide" }, say("send")));
  const opened = draftOf(session, { kind: "report", path: "reports" }, draftId);
  const draft = new Draft(session, { form, photos, act, draft: opened, said: (kept) => (said.textContent = kept ? say("draft_kept") : "") });
  if (lon.value) said.textContent = say("position_taken");
  return [h("h1", { tabindex: "-1" }, say("report")), form];
}
