// The rendered page, in a frame that allows neither scripts nor forms nor access to this one.
import { useMemo } from "react";
import { harmlessPage } from "./page-source.ts";

export interface PageFrameProps {
  readonly url: string;
  readonly html: string;
  readonly status: number;
}

export function PageFrame({ url, html, status }: PageFrameProps) {
  const source = useMemo(() => harmlessPage(html), [html]);
  return (
    <figure className="page">
      <figcaption className="page-bar">
        <span className={`status-mark ${status >= 400 ? "is-error" : ""}`}>{status}</span>
        <span className="page-url">{url}</span>
      </figcaption>
      <iframe className="page-frame" title={`The page ${url}`} sandbox="" srcDoc={source} />
    </figure>
  );
}
