/** The map of the grids: coloured by load, a point for each case, overdue ones as triangles. Without WebGL `draw` gives
 * nothing, and the page shows its list, which says the same. */
import "maplibre-gl/dist/maplibre-gl.css";
import type { Feature, FeatureCollection, Point } from "geojson";
import { type GeoJSONSource, LngLatBounds, Map as GL, NavigationControl, Popup, setWorkerUrl } from "maplibre-gl";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { CaseRow } from "../controllers/pollLive";
import { OVERDUE, stepOf, stepsFor } from "./colours";
import { lateMark, NOTHING, styleOf } from "./layers";

setWorkerUrl(worker);

export interface Load {
  open: number;
  overdue: number;
}

export interface Options {
  large: boolean;
  still: boolean; // a wall: nobody drags it
  words: Record<string, string>;
  describe(row: CaseRow): HTMLElement;
  onPick(code: string): void;
}

interface Place {
  code: string;
  level: string;
  parent: string;
  label: string;
  at: [number, number];
}

export class GridMap {
  readonly steps: [number, number, number];
  private rows = new Map<string, CaseRow>();
  private area = "";
  private places: Place[];
  private drawn = new Map<string, number>();

  private constructor(private gl: GL, ground: FeatureCollection, loads: Map<string, Load>, private options: Options) {
    this.places = ground.features.map((one) => one.properties as Place);
    this.steps = stepsFor(Math.max(0, ...[...loads.values()].map((load) => load.open)));
  }

  /** null when this device cannot draw it. */
  static async draw(holder: HTMLElement, ground: FeatureCollection, loads: Map<string, Load>, options: Options): Promise<GridMap | null> {
    let gl: GL;
    try {
      gl = new GL({
        container: holder,
        style: styleOf(ground, options.large),
        bounds: boundsOf(ground.features),
        attributionControl: false,
        dragRotate: false,
        pitchWithRotate: false,
        touchPitch: false,
        maxPitch: 0,
        renderWorldCopies: false,
        localIdeographFontFamily: "sans-serif",
        interactive: !options.still,
        cooperativeGestures: matchMedia("(pointer: coarse)").matches,
        locale: {
          "Map.Title": options.words["map"] ?? "",
          "NavigationControl.ZoomIn": options.words["zoomIn"] ?? "",
          "NavigationControl.ZoomOut": options.words["zoomOut"] ?? "",
          "CooperativeGesturesHandler.MobileHelpText": options.words["twoFingers"] ?? "",
        },
      });
    } catch {
      return null; // no WebGL: the constructor throws
    }
    const map = new GridMap(gl, ground, loads, options);
    await new Promise<void>((resolve) => gl.once("load", () => resolve()));
    map.begin(holder, loads);
    return map;
  }

  private begin(holder: HTMLElement, loads: Map<string, Load>): void {
    const { gl, options } = this;
    gl.addImage("late", lateMark(OVERDUE), { pixelRatio: 2 });
    gl.fitBounds(boundsOf(this.ground()), { padding: 24, animate: false });
    gl.touchZoomRotate.disableRotation();
    gl.keyboard.disableRotation();
    if (!options.still) gl.addControl(new NavigationControl({ showCompass: false }));
    gl.on("click", (event) => void this.click(event.point, event.lngLat));
    gl.on("idle", () => (holder.dataset["features"] = String(gl.queryRenderedFeatures().length)));
    for (const layer of ["grids", "clusters", "cases", "late"]) {
      gl.on("mouseenter", layer, () => (gl.getCanvas().style.cursor = "pointer"));
      gl.on("mouseleave", layer, () => (gl.getCanvas().style.cursor = ""));
    }
    this.colour(loads);
  }

  /** Paint what has changed since the last time. */
  colour(loads: Map<string, Load>): void {
    const sums = new Map<string, number>();
    let changed = this.drawn.size === 0;
    for (const place of this.places.filter((one) => one.level === "grid")) {
      const open = loads.get(place.code)?.open;
      if (open === undefined) continue; // the list shows one community: the others keep their colour
      sums.set(place.code, open);
      if (this.drawn.get(place.code) === open) continue;
      this.drawn.set(place.code, open);
      this.gl.setFeatureState({ source: "ground", id: place.code }, { load: stepOf(open, this.steps) });
      changed = true;
    }
    if (changed) this.label();
  }

  private label(): void {
    const sums = new Map(this.drawn);
    for (const place of this.places) {
      if (place.level === "grid") sums.set(place.parent, (sums.get(place.parent) ?? 0) + (this.drawn.get(place.code) ?? 0));
    }
    const features = this.places.map((place): Feature<Point> => ({
      type: "Feature",
      properties: { label: place.label, level: place.level, open: sums.get(place.code) ?? 0 },
      geometry: { type: "Point", coordinates: place.at },
    }));
    this.source("labels").setData({ type: "FeatureCollection", features });
  }

  /** All open cases anew. */
  show(rows: CaseRow[]): void {
    this.rows = new Map(rows.map((row) => [row[0], row]));
    this.redraw();
  }

  /** Only these have changed. */
  update(rows: CaseRow[]): void {
    const add: Feature<Point>[] = [];
    const remove: string[] = [];
    for (const row of rows) {
      const feature = row[2] && this.isInside(row) ? featureOf(row) : null;
      if (row[2]) this.rows.set(row[0], row);
      else this.rows.delete(row[0]);
      remove.push(row[0]);
      if (feature) add.push(feature);
    }
    if (rows.length) this.source("cases").updateData({ remove, add });
  }

  /** Look at one area, or with "" at everything. */
  select(code: string): void {
    if (code === this.area) return;
    if (this.area) this.gl.setFeatureState({ source: "ground", id: this.area }, { picked: false });
    if (code) this.gl.setFeatureState({ source: "ground", id: code }, { picked: true });
    this.area = code;
    this.redraw();
    const inside = this.places.filter((place) => !code || place.code === code);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const features = this.ground().filter((one) => inside.some((place) => place.code === one.properties?.["code"]));
    if (features.length) this.gl.fitBounds(boundsOf(features), { padding: code ? 64 : 24, animate: !still, duration: 150, maxZoom: 15 });
  }

  private ground(): Feature[] {
    return (this.gl.getStyle().sources["ground"] as { data: FeatureCollection }).data.features;
  }

  private redraw(): void {
    const features = [...this.rows.values()].filter((row) => this.isInside(row)).map(featureOf).filter((one) => one !== null);
    this.source("cases").setData(features.length ? { type: "FeatureCollection", features } : NOTHING);
  }

  private isInside(row: CaseRow): boolean {
    if (!this.area || row[1] === this.area) return true;
    return this.places.some((place) => place.code === row[1] && place.parent === this.area);
  }

  private async click(point: { x: number; y: number }, at: { lng: number; lat: number }): Promise<void> {
    const found = this.gl.queryRenderedFeatures([point.x, point.y], { layers: ["clusters", "cases", "late", "grids"] })[0];
    if (!found) return;
    if (found.layer.id === "grids") return this.options.onPick(String(found.properties["code"]));
    if (found.layer.id === "clusters") {
      const zoom = await this.source("cases").getClusterExpansionZoom(Number(found.properties["cluster_id"]));
      this.gl.easeTo({ center: at, zoom, duration: 150 });
      return;
    }
    const row = this.rows.get(String(found.properties["number"]));
    if (row) new Popup({ closeButton: false, maxWidth: "18rem" }).setLngLat(at).setDOMContent(this.options.describe(row)).addTo(this.gl);
  }

  private source(name: string): GeoJSONSource {
    return this.gl.getSource(name) as GeoJSONSource;
  }

  resize(): void {
    this.gl.resize();
  }
}

/** Cases without a place that may be shown have no point; the list counts them. */
function featureOf(row: CaseRow): Feature<Point> | null {
  const [number, , , state, , , , overdue, lon, lat] = row;
  if (lon === null || lat === null) return null;
  return { type: "Feature", properties: { number, state, overdue }, geometry: { type: "Point", coordinates: [lon, lat] } };
}

function boundsOf(features: Feature[]): LngLatBounds {
  const bounds = new LngLatBounds();
  const extend = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    if (typeof part[0] === "number") bounds.extend(part as [number, number]);
    else part.forEach(extend);
  };
  for (const one of features) if ("coordinates" in one.geometry) extend(one.geometry.coordinates);
  return bounds;
}
