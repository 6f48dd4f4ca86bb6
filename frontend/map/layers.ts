/** What the map is made of: our own grids and cases, no tiles, no glyph server. */
import type { FeatureCollection, Point } from "geojson";
import type { ExpressionSpecification, StyleSpecification } from "maplibre-gl";
import { BORDER, DOTS, GROUND, INK, LOAD, PICKED } from "./colours";

export const FONT = ["sans"];
export const NEAR = 13; // from here on grids have room for their own labels
export const NOTHING: FeatureCollection<Point> = { type: "FeatureCollection", features: [] };

const dot = Object.entries(DOTS).flat();
const label = {
  "text-font": FONT,
  "text-field": ["concat", ["get", "label"], "\n", ["to-string", ["get", "open"]]],
  "text-line-height": 1.15,
} as const;
const ink = { "text-color": INK, "text-halo-color": "#FFFFFF", "text-halo-width": 1.5 };
const picked: ExpressionSpecification = ["boolean", ["feature-state", "picked"], false];

export function styleOf(ground: FeatureCollection, large: boolean): StyleSpecification {
  const size = large ? 18 : 13;
  return {
    version: 8,
    sources: {
      ground: { type: "geojson", data: ground, promoteId: "code" },
      labels: { type: "geojson", data: NOTHING },
      cases: {
        type: "geojson", data: NOTHING, promoteId: "number", cluster: true, clusterRadius: 36, clusterMaxZoom: 16,
        clusterProperties: { overdue: ["+", ["case", ["get", "overdue"], 1, 0]] },
      },
    },
    layers: [
      { id: "paper", type: "background", paint: { "background-color": GROUND } },
      {
        id: "grids", type: "fill", source: "ground", filter: ["==", ["get", "level"], "grid"],
        paint: { "fill-color": ["match", ["coalesce", ["feature-state", "load"], 0], 0, LOAD[0], 1, LOAD[1], 2, LOAD[2], LOAD[3]] },
      },
      {
        id: "lines", type: "line", source: "ground", filter: ["==", ["get", "level"], "grid"],
        paint: { "line-color": BORDER, "line-width": 1, "line-opacity": 0.55 },
      },
      {
        id: "communities", type: "line", source: "ground", filter: ["==", ["get", "level"], "community"],
        paint: { "line-color": BORDER, "line-width": 2 },
      },
      {
        id: "picked", type: "line", source: "ground",
        paint: { "line-color": INK, "line-width": ["case", picked, 6, 0] },
      },
      {
        id: "picked-in", type: "line", source: "ground",
        paint: { "line-color": PICKED, "line-width": ["case", picked, 3, 0] },
      },
      {
        id: "far-labels", type: "symbol", source: "labels", maxzoom: NEAR, filter: ["==", ["get", "level"], "community"],
        layout: { ...label, "text-size": size } as never, paint: ink,
      },
      {
        id: "near-labels", type: "symbol", source: "labels", minzoom: NEAR, filter: ["==", ["get", "level"], "grid"],
        layout: { ...label, "text-size": size } as never, paint: ink,
      },
      {
        id: "clusters", type: "circle", source: "cases", filter: ["has", "point_count"],
        paint: {
          "circle-color": INK, "circle-stroke-color": "#FFFFFF", "circle-stroke-width": 1.5,
          "circle-radius": ["step", ["get", "point_count"], size - 1, 10, size + 1, 100, size + 5],
        },
      },
      {
        id: "cluster-counts", type: "symbol", source: "cases", filter: ["has", "point_count"],
        layout: { "text-font": FONT, "text-field": ["get", "point_count_abbreviated"], "text-size": size, "text-allow-overlap": true },
        paint: { "text-color": "#FFFFFF" },
      },
      {
        id: "cluster-late", type: "symbol", source: "cases", filter: ["all", ["has", "point_count"], [">", ["get", "overdue"], 0]],
        layout: { "icon-image": "late", "icon-size": 0.7, "icon-offset": [18, -18], "icon-allow-overlap": true },
      },
      {
        id: "cases", type: "circle", source: "cases", filter: ["all", ["!", ["has", "point_count"]], ["!", ["get", "overdue"]]],
        paint: {
          "circle-radius": size / 2, "circle-stroke-width": 1.5, "circle-stroke-color": INK,
          "circle-color": ["match", ["get", "state"], ...dot, "#FFFFFF"] as never,
        },
      },
      {
        id: "late", type: "symbol", source: "cases", filter: ["all", ["!", ["has", "point_count"]], ["get", "overdue"]],
        layout: { "icon-image": "late", "icon-allow-overlap": true },
      },
    ],
  };
}

/** The mark of what is overdue: a triangle with “!”, so that it differs in shape and not only in colour. */
export function lateMark(fill: string): ImageData {
  const size = 48;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  if (!pen) return new ImageData(size, size);
  pen.beginPath();
  pen.moveTo(24, 5);
  pen.lineTo(44, 42);
  pen.lineTo(4, 42);
  pen.closePath();
  pen.lineJoin = "round";
  pen.lineWidth = 3;
  pen.fillStyle = fill;
  pen.strokeStyle = INK;
  pen.fill();
  pen.stroke();
  pen.fillStyle = "#FFFFFF";
  pen.fillRect(22, 17, 4, 13);
  pen.fillRect(22, 33, 4, 4);
  return pen.getImageData(0, 0, size, size);
}
