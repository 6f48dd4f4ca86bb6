/** Colours of the map (frontend.md 4): chosen so that points stand out on every step for every eye, and the ink of the
 * labels on all of them. Load is told by four steps, and again in words by the list. */
export const GROUND = "#EEF1F4";
export const INK = "#17212B";
export const BORDER = "#4A5866";
export const LOAD = ["#F7FBFF", "#D3E4F1", "#9CC3DF", "#5A97C4"] as const;
export const OVERDUE = "#B3261E";
export const PICKED = "#FFBF47";

const NEW = "#E69F00";
const ASSIGNED = "#56B4E9";
const DOING = "#0072B2";
const DONE = "#9AA5AF";
export const DOTS: Record<string, string> = {
  submitted: NEW,
  accepted: ASSIGNED,
  assigned: ASSIGNED,
  handling: DOING,
  waiting: DOING,
  handled: DONE,
};

const STEPS = [1, 2, 3, 5, 8, 10, 15, 20, 25, 30, 40, 50, 75, 100];

/** The largest number of each of the first three steps; the fourth takes the rest. */
export function stepsFor(most: number): [number, number, number] {
  const step = STEPS.find((one) => one * 4 >= most) ?? Math.ceil(most / 4);
  return [step, step * 2, step * 3];
}

export function stepOf(count: number, steps: readonly number[]): number {
  const found = steps.findIndex((last) => count <= last);
  return found < 0 ? steps.length : found;
}
