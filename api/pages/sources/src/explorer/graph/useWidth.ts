// How wide a picture may be.
import { type RefObject, useLayoutEffect, useState } from "react";

const NARROWEST = 240;
/** Until it was measured. */
const USUAL = 760;

/** The width of an element in pixels, as it is from time to time. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(USUAL);
  useLayoutEffect(() => {
    const measure = () => setWidth(Math.max(element.current?.clientWidth ?? 0, NARROWEST));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
