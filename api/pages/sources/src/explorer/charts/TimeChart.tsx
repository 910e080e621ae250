// Counts over time: columns for one series, lines for several. The mouse drags a span of time, the keyboard extends one, and a table says the same.
import "uplot/dist/uPlot.min.css";
import "./charts.css";

import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import uPlot from "uplot";

import { formatNumber } from "../formats";
import { texts } from "../texts";
import { tokenColor, useTheme } from "../theme";
import type { TimeInterval } from "./article-timeline.operations";
import { bucketName } from "./bucket-names";
import { dragged, type Span, spanOf } from "./spans";

export interface Series {
  name: string;
  /** One for each bucket. */
  counts: number[];
}

interface TimeChartProps {
  /** What is counted. */
  title: string;
  buckets: { start: string; end: string }[];
  interval: TimeInterval;
  /** At most eight can be told apart. */
  series: Series[];
  /** The span that is chosen. */
  span?: Span | null;
  /** Without it, nothing can be chosen. */
  onSpan?: (span: Span | null) => void;
  height?: number;
}

export function TimeChart({ title, buckets, interval, series, span = null, onSpan, height = 200 }: TimeChartProps) {
  const id = useId();
  const [at, setAt] = useState<number | null>(null);
  const [anchor, setAnchor] = useState<number | null>(null);
  const plot = usePlot({ buckets, interval, series, height, span, setAt, onSpan });

  function move(event: KeyboardEvent) {
    const present = at ?? buckets.length - 1;
    const targets: Record<string, number> = {
      ArrowLeft: Math.max(0, at === null ? present : present - 1),
      ArrowRight: Math.min(buckets.length - 1, present + 1),
      Home: 0,
      End: buckets.length - 1,
    };
    const target = targets[event.key];
    if (target !== undefined) {
      event.preventDefault();
      if (event.shiftKey && anchor === null) setAnchor(present);
      if (!event.shiftKey) setAnchor(null);
      plot.show(target, event.shiftKey ? (anchor ?? present) : null);
      setAt(target);
    } else if (event.key === "Enter" && onSpan && at !== null) {
      event.preventDefault();
      onSpan(spanOf(buckets, anchor ?? at, at));
      setAnchor(null);
    } else if (event.key === "Escape" && onSpan) {
      setAnchor(null);
      plot.show(null, null);
      onSpan(null);
    }
  }

  const told = at === null ? "" : describe(buckets[at], interval, series, at);
  return (
    <figure className="time-chart">
      <figcaption id={`${id}-title`}>
        {title}
        {series.length > 1 && (
          <ul className="legend">
            {series.map(({ name }, index) => (
              <li key={name} data-series={index + 1}>
                {name}
              </li>
            ))}
          </ul>
        )}
      </figcaption>
      <div
        ref={plot.place}
        className="plot"
        role="application"
        aria-roledescription={texts.chart.role}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-keys`}
        tabIndex={0}
        onKeyDown={move}
        onBlur={() => {
          setAt(null);
          plot.show(null, null);
        }}
      />
      <p className="reading" aria-live="polite">
        {told || (onSpan ? texts.chart.drag : texts.chart.point)}
      </p>
      <p id={`${id}-keys`} className="unseen">
        {onSpan ? texts.chart.keysWithSpan : texts.chart.keys}
      </p>
      <details className="chart-table">
        <summary>{texts.chart.asTable}</summary>
        <div className="scrolls" tabIndex={0} role="region" aria-labelledby={`${id}-title`}>
          <table>
            <thead>
              <tr>
                <th scope="col">{texts.chart.time}</th>
                {series.map(({ name }) => (
                  <th key={name} scope="col" className="number">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {buckets.map((bucket, index) => (
                <tr key={bucket.start}>
                  <th scope="row">{bucketName(bucket.start, interval)}</th>
                  {series.map(({ name, counts }) => (
                    <td key={name} className="number">
                      {formatNumber(counts[index] ?? 0)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

function describe(bucket: { start: string } | undefined, interval: TimeInterval, series: Series[], index: number): string {
  if (!bucket) return "";
  const counts = series.map(({ name, counts }) => `${name} ${formatNumber(counts[index] ?? 0)}`);
  return `${bucketName(bucket.start, interval)}: ${counts.join(", ")}`;
}

interface PlotInput extends Required<Pick<TimeChartProps, "buckets" | "interval" | "series" | "height" | "span">> {
  setAt: (index: number | null) => void;
  onSpan: TimeChartProps["onSpan"];
}

/** The picture in its place: drawn again when what it shows or the theme changes. */
function usePlot({ buckets, interval, series, height, span, setAt, onSpan }: PlotInput) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const theme = useTheme();
  const heard = useRef({ setAt, onSpan, span });
  useEffect(() => {
    heard.current = { setAt, onSpan, span };
  });
  const data = useMemo<uPlot.AlignedData>(
    () => [buckets.map(({ start }) => Date.parse(start) / 1000), ...series.map(({ counts }) => counts)],
    [buckets, series],
  );
  const canChoose = onSpan !== undefined;

  useEffect(() => {
    const element = place.current;
    if (!element || buckets.length === 0) return;
    const drawn = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
        cursor: { y: false, points: { show: series.length > 1 }, drag: { x: canChoose, y: false, setScale: false } },
        scales: { x: { range: () => edges(buckets) }, y: { range: (_, __, most) => [0, Math.max(most, 1) * 1.08] } },
        series: [{}, ...series.map(({ name }, index) => look(name, index, series.length, interval))],
        axes: axes(),
        hooks: {
          draw: [(self) => select(self, heard.current.span)],
          setCursor: [
            (self) => {
              const index = self.cursor.idx ?? null;
              // A picture that is drawn anew has no cursor, but whoever reads it by the keyboard stays where they are.
              if (index !== null || document.activeElement !== element) heard.current.setAt(index);
            },
          ],
          setSelect: [
            (self) => {
              const chosen = dragged(self, buckets);
              if (chosen) heard.current.onSpan?.(chosen);
            },
          ],
        },
      },
      data,
      element,
    );
    plot.current = drawn;
    const resized = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [data, buckets, interval, series, height, canChoose, theme]);

  useEffect(() => {
    const drawn = plot.current;
    if (drawn) select(drawn, span);
  }, [span]);

  return {
    place,
    /** Points to a bucket, and marks all from the anchor to it. */
    show(index: number | null, anchor: number | null) {
      const drawn = plot.current;
      if (!drawn) return;
      const left = index === null ? -10 : drawn.valToPos(middle(buckets, index), "x");
      drawn.setCursor({ left, top: left < 0 ? -10 : 0 }, false);
      select(drawn, index === null || anchor === null ? span : spanOf(buckets, anchor, index));
    },
  };
}

function middle(buckets: TimeChartProps["buckets"], index: number): number {
  return Date.parse(buckets[index]?.start ?? "") / 1000;
}

function select(drawn: uPlot, span: Span | null): void {
  const whole = drawn.over.clientHeight;
  if (!span) {
    drawn.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    return;
  }
  const left = Math.max(0, drawn.valToPos(Date.parse(span.from) / 1000, "x"));
  const right = Math.min(drawn.over.clientWidth, drawn.valToPos(Date.parse(span.to) / 1000, "x"));
  drawn.setSelect({ left, top: 0, width: Math.max(2, right - left), height: whole }, false);
}

function edges(buckets: TimeChartProps["buckets"]): [number, number] {
  const [first, last] = [buckets[0], buckets.at(-1)];
  return [Date.parse(first?.start ?? "") / 1000, Date.parse(last?.end ?? "") / 1000];
}

function look(name: string, index: number, seriesCount: number, interval: TimeInterval): uPlot.Series {
  const color = tokenColor(`--series-${(index % 8) + 1}`);
  if (seriesCount > 1) return { label: name, stroke: color, width: 2, points: { show: false } };
  // A column stands over its span of time, which begins at its moment.
  const paths = uPlot.paths.bars?.({ size: [interval === "DAY" ? 0.7 : 0.82, 60], align: 1 });
  return { label: name, fill: color, width: 0, points: { show: false }, ...(paths && { paths }) };
}

function axes(): uPlot.Axis[] {
  const [ink, line] = [tokenColor("--ink-soft"), tokenColor("--line")];
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const shared = { stroke: ink, font, ticks: { stroke: line, size: 4 } };
  return [
    { ...shared, grid: { show: false }, space: 70 },
    { ...shared, grid: { stroke: line, width: 1 }, size: 48, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000], values: (_, values) => values.map(formatNumber) },
  ];
}
