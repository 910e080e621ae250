// A link to the page of a node.
import { type ReactNode } from "react";
import { Link } from "wouter";

import { kindOf, nodeAddress, type NodeKind, type NodeType } from "../nodes";

type NodeLinkProps = {
  id: string;
  /** What it says: the node's label. */
  children: ReactNode;
  className?: string;
} & ({ kind: NodeKind; type?: never } | { type: NodeType; kind?: never });

/** The kind is given as the enum says it, or as `__typename`. */
export function NodeLink({ id, kind, type, children, className }: NodeLinkProps) {
  return (
    <Link href={nodeAddress(kind ?? kindOf(type), id)} className={className}>
      {children}
    </Link>
  );
}
