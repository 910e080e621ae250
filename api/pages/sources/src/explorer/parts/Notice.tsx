// Something to tell in the place of content.
import { type ReactNode } from "react";

export function Notice({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="notice" role="alert">
      <p className="notice-title">{title}</p>
      {children}
    </div>
  );
}
