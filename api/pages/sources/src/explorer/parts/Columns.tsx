// Counts over time as small columns, for a glance: what moves and filters is a chart.
import { formatMonth } from "../formats";

interface ColumnsProps {
  /** None while they are on their way: their place stays. */
  buckets: { start: string; count: number }[];
  /** What the picture says, for who hears it. */
  label: string;
}

const WIDTH = 600;
const HEIGHT = 72;
const GAP = 0.22;

export function Columns({ buckets, label }: ColumnsProps) {
  const most = Math.max(1, ...buckets.map(({ count }) => count));
  const step = WIDTH / Math.max(1, buckets.length);
  const [first, last] = [buckets[0], buckets.at(-1)];
  return (
    <figure className="columns">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {buckets.map(({ start, count }, index) => {
          const height = count === 0 ? 0 : Math.max(1.5, (count / most) * HEIGHT);
          return (
            <rect key={start} x={(index + GAP / 2) * step} y={HEIGHT - height} width={step * (1 - GAP)} height={height}>
              <title>{`${formatMonth(start)}: ${count}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption aria-hidden="true">
        <span>{first && formatMonth(first.start)}</span>
        <span>{last && formatMonth(last.start)}</span>
      </figcaption>
    </figure>
  );
}
