/** Draws each `[data-chart]` from the table beside it: the same numbers, so a reader may use either. SVG with patterns
 * in the fills; taken in only by pages that have charts. */
import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type EChartsCoreOption, type ECharts, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

interface Table {
  series: string[];
  rows: { name: string; values: number[] }[];
}

/** How each is drawn: stacked or side by side, how many columns of its table, and in which colours (tokens). */
const KINDS: Record<string, { stack: boolean; columns: number; colours: string[] }> = {
  flow: { stack: false, columns: 3, colours: ["--done", "--assigned", "--new"] },
  clocks: { stack: true, columns: 6, colours: ["--done", "--assigned", "--new", "--doing", "--overdue", "--line"] },
  class: { stack: true, columns: 2, colours: ["--assigned", "--overdue"] },
};

export function drawCharts(root: Document, words: Record<string, string>, large: boolean): void {
  for (const holder of root.querySelectorAll<HTMLElement>("[data-chart]")) {
    const kind = KINDS[holder.dataset["chart"] ?? ""];
    const table = holder.parentElement?.querySelector("table");
    holder.hidden = !kind || !table;
    if (!kind || !table) continue;
    const read = readTable(table, kind.columns);
    const chart = charts.get(holder) ?? begin(holder);
    chart.setOption(option(read, kind, words, large, holder.clientWidth));
    if (charts.get(holder) === chart) chart.resize();
  }
}

const charts = new WeakMap<HTMLElement, ECharts>();

function begin(holder: HTMLElement): ECharts {
  const chart = init(holder, null, { renderer: "svg" });
  charts.set(holder, chart);
  new ResizeObserver(() => chart.resize()).observe(holder);
  return chart;
}

function readTable(table: HTMLTableElement, columns: number): Table {
  const text = (cell: Element): string => (cell.textContent ?? "").trim();
  return {
    series: [...table.querySelectorAll("thead th")].slice(1, columns + 1).map(text),
    rows: [...table.querySelectorAll("tbody tr")].map((row) => ({
      name: text(row.querySelector("th") ?? row),
      values: [...row.querySelectorAll("td")].slice(0, columns).map((cell) => Number(text(cell))),
    })),
  };
}

function option(table: Table, kind: (typeof KINDS)[string], words: Record<string, string>, large: boolean, width: number): EChartsCoreOption {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const font = { color: token("--ink"), fontSize: large ? 18 : 14, fontFamily: "sans-serif" };
  return {
    animation: false,
    aria: { enabled: true, decal: { show: true }, label: { description: words["chart"] } },
    color: kind.colours.map(token),
    textStyle: font,
    tooltip: { renderMode: "richText", trigger: "item" },
    legend: { top: 0, itemGap: 12, textStyle: font },
    grid: { top: legendHeight(table.series, font.fontSize, width), bottom: 8, left: 8, right: 24, containLabel: true },
    xAxis: { type: "value", minInterval: 1, axisLabel: font, splitLine: { lineStyle: { color: token("--hairline") } } },
    yAxis: { type: "category", inverse: true, data: table.rows.map((row) => row.name), axisLabel: font, axisTick: { show: false } },
    series: table.series.map((name, place) => ({
      type: "bar",
      name,
      ...(kind.stack ? { stack: "all" } : {}),
      barMaxWidth: 22,
      data: table.rows.map((row) => row.values[place] ?? 0),
    })),
  };
}

/** Names wrap on a phone, and the bars must begin below them. A Han character is as wide as the type is high. */
function legendHeight(names: string[], size: number, width: number): number {
  const wide = (name: string): number => [...name].reduce((sum, sign) => sum + (sign > "\u2E7F" ? size : size * 0.6), 48);
  let lines = 1;
  let used = 0;
  for (const name of names) {
    if (used && used + wide(name) > width - 32) {
      lines += 1;
      used = 0;
    }
    used += wide(name);
  }
  return lines * (size + 14) + 12;
}
