// When the articles were published, in as many columns as can be told apart.
import { useQuery } from "../client/useQuery";
import { formatSpan } from "../formats";
import { Columns } from "../parts/Columns";
import { texts } from "../texts";
import { PublishedOperation, type PublishedQueryVariables } from "./published.operations";

const DAY = 86_400_000;
const FEWEST = 3;
/** The longest spans that are shown by an interval, in days; what is longer is shown by the next one. */
const INTERVALS = [
  { interval: "DAY", days: 45 },
  { interval: "WEEK", days: 400 },
  { interval: "MONTH", days: 4_000 },
  { interval: "YEAR", days: 36_500 },
] as const;

export function Published({ first, last }: { first: string; last: string }) {
  const { data } = useQuery(PublishedOperation, spanVariables(first, last));
  const buckets = data?.articles.timeline ?? [];
  if (data && buckets.length < FEWEST) return null;
  return (
    <div className="home-published">
      <Columns buckets={buckets} label={texts.home.timeline(formatSpan(first, last))} />
    </div>
  );
}

/** The shortest interval that fits; of a span that none fits, the latest part. */
function spanVariables(first: string, last: string): PublishedQueryVariables {
  const days = (Date.parse(last) - Date.parse(first)) / DAY;
  const fitting = INTERVALS.find((candidate) => days <= candidate.days);
  if (fitting) return { interval: fitting.interval, from: null };
  return { interval: "YEAR", from: new Date(Date.parse(last) - INTERVALS[3].days * DAY).toISOString() };
}
