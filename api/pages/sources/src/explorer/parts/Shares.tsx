// A list of nodes with how many there are of each, the length of a line beside it.
import type { ReactNode } from "react";

import { formatNumber } from "../formats";

interface SharesProps {
  items: { key: string; name: ReactNode; count: number }[];
}

export function Shares({ items }: SharesProps) {
  const most = Math.max(1, ...items.map(({ count }) => count));
  return (
    <ul className="shares">
      {items.map(({ key, name, count }) => (
        <li key={key}>
          <span className="name">{name}</span>
          <span className="count">{formatNumber(count)}</span>
          <span className="length" style={{ width: `${(count / most) * 100}%` }} aria-hidden="true" />
        </li>
      ))}
    </ul>
  );
}
