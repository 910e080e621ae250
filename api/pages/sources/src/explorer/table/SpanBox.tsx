// From which day to which: both ends of a span of time.
import { useParameters } from "../address";
import { momentIn } from "../browse/article-view";
import { FIRST_PAGE } from "../parts/Pager";
import { texts } from "../texts";

const DAY = 86_400_000;

export function SpanBox() {
  const [parameters, change] = useParameters();
  const [from, to] = [momentIn(parameters, "from"), momentIn(parameters, "to")];
  const firstDay = from && dayOf(new Date(from));
  // The address has the first moment after the span, the reader chooses its last day.
  const lastDay = to && dayOf(new Date(Date.parse(to) - 1));
  const set = (first: string, last: string) =>
    change({
      from: first && `${first}T00:00:00Z`,
      to: last && `${dayOf(new Date(Date.parse(last) + DAY))}T00:00:00Z`,
      ...FIRST_PAGE,
    });
  return (
    <>
      <label>
        <span>{texts.table.from}</span>
        <input type="date" value={firstDay ?? ""} onChange={(event) => set(event.target.value, lastDay ?? "")} />
      </label>
      <label>
        <span>{texts.table.to}</span>
        <input
          type="date"
          value={lastDay ?? ""}
          onChange={(event) => set(firstDay ?? "", event.target.value)}
        />
      </label>
    </>
  );
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
