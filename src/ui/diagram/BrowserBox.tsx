// The browser: its address bar, what it waits for, and the list of times so far.
import { BoxFrame, CardStatus } from "./BoxFrame.tsx";
import type { BoxProps } from "./box-props.ts";
import { type BrowserTiming, durationText } from "./model.ts";
import { tintOf } from "./places.ts";
import { type Rect, rect, rowsOf } from "./rect.ts";
import { Line } from "./text.tsx";
import { textWidth } from "./text-fit.ts";

const CHROME_HEIGHT = 38;

export function BrowserBox({ arrangement, model, isActive }: BoxProps) {
  const box = arrangement.boxes.browser;
  const status = model.scene.status.browser ?? "";
  const shared = { box, tint: "browser", isActive, scene: arrangement.focus } as const;
  if (box.mode === "card")
    return (
      <BoxFrame {...shared} title={model.clientName}>
        <CardStatus box={box} text={status} />
      </BoxFrame>
    );
  const hasPage = box.mode === "open" && box.h > 280;
  const bodyHeight = box.h - CHROME_HEIGHT - 78 - (hasPage ? 130 : 0);
  const body = rect(box.x + 16, box.y + CHROME_HEIGHT + 62, box.w - 32, bodyHeight);
  return (
    <BoxFrame {...shared} title="">
      <Chrome box={box} url={model.url} />
      <Line
        {...{ x: box.x + 16, y: box.y + CHROME_HEIGHT + 26, text: model.clientName, size: 15 }}
        width={box.w - 32}
        face="strong"
        className="tinted"
      />
      <Line
        {...{ x: box.x + 16, y: box.y + CHROME_HEIGHT + 46, text: status, width: box.w - 32 }}
        size={13}
        className="quiet"
      />
      <Timings area={body} timings={model.timings} />
      {hasPage && (
        <Page at={rect(body.x, box.y + box.h - 136, body.w, 112)} outcome={model.outcome} />
      )}
    </BoxFrame>
  );
}

/** Sizes of the address, the usual one first: a long one is set smaller before any of it is cut. */
const ADDRESS_SIZES = [11.5, 11, 10, 9] as const;

/** The address as Chromium shows it, without https:// and, where room is short, without www. */
function addressIn(url: string, width: number): { readonly text: string; readonly size: number } {
  const whole = url.replace(/^https:\/\//, "");
  const texts = [whole, whole.replace(/^www\./, "")];
  const choices = texts.flatMap((text) => ADDRESS_SIZES.map((size) => ({ text, size })));
  const fitting = choices.find(({ text, size }) => textWidth(text, size, "mono") <= width);
  return fitting ?? choices[choices.length - 1];
}

function Chrome({ box, url }: { readonly box: Rect; readonly url: string }) {
  const y = box.y + CHROME_HEIGHT / 2;
  const width = box.w - 90;
  return (
    <g>
      <line className="rule" x1={box.x} x2={box.x + box.w} y1={y + 19} y2={y + 19} />
      {[0, 1, 2].map((dot) => (
        <circle key={dot} className="chrome-dot" cx={box.x + 18 + dot * 13} cy={y} r={4} />
      ))}
      <rect
        className="chrome-bar"
        x={box.x + 58}
        y={y - 11}
        width={box.w - 70}
        height={22}
        rx={11}
      />
      <Line {...{ x: box.x + 68, y: y + 4, width, ...addressIn(url, width) }} face="mono" />
    </g>
  );
}

/** Widths of the lines that stand for a page's text. */
const PAGE_LINES = [0.42, 0.9, 0.82, 0.6] as const;

/** The window's content: empty until the response is there. The page itself is under Message. */
function Page({ at, outcome }: { readonly at: Rect; readonly outcome: string | null }) {
  const x = at.x + 16;
  const isPage = outcome !== null && /^[23]/.test(outcome);
  return (
    <g className={`page-window ${outcome === null ? "is-empty" : ""}`}>
      <rect className="page-paper" x={at.x} y={at.y} width={at.w} height={at.h} rx={8} />
      {outcome === null && (
        <Line {...{ x, y: at.y + 28, text: "no page yet", width: at.w - 32 }} className="quiet" />
      )}
      {outcome !== null && !isPage && (
        <Line {...{ x, y: at.y + 32, text: outcome, width: at.w - 32, size: 19 }} face="strong" />
      )}
      {isPage &&
        PAGE_LINES.map((share, i) => (
          <rect
            key={share}
            className={i === 0 ? "page-line is-heading" : "page-line"}
            {...{
              x,
              y: at.y + 20 + i * 20,
              width: (at.w - 32) * share,
              height: i === 0 ? 12 : 8,
              rx: 4,
            }}
          />
        ))}
    </g>
  );
}

const TIMING_HEIGHT_MIN = 19;

/** The list of times; where there is no room for all, those up to now. */
function Timings({ area, timings }: { area: Rect; timings: readonly BrowserTiming[] }) {
  const room = Math.max(1, Math.floor(area.h / TIMING_HEIGHT_MIN));
  const begun = timings.filter(({ state }) => state !== "to come").length;
  const first = Math.max(0, Math.min(begun - 1, timings.length - room));
  const shown = timings.slice(first, first + room);
  const rows = rowsOf(area, Math.max(1, shown.length), { gap: 0, heightMax: 26 });
  return shown.map((timing, i) => {
    const y = rows[i].y + rows[i].h / 2 + 4;
    const isOver = timing.state === "done";
    const time = isOver ? durationText(timing.durationNs) : timing.state === "now" ? "…" : "";
    return (
      <g
        // biome-ignore lint/suspicious/noArrayIndexKey: bars of a request have no other identity.
        key={i}
        className={`tint-${tintOf(timing.layer)} timing is-${timing.state.replace(" ", "-")}`}
      >
        <circle className="timing-dot" cx={area.x + 5} cy={y - 4} r={4.5} />
        <Line {...{ x: area.x + 18, y, text: timing.label, width: area.w - 96, size: 13 }} />
        <Line
          {...{ x: area.x + area.w, y, text: time, width: 76 }}
          face="mono"
          anchor="end"
          className="quiet"
        />
      </g>
    );
  });
}
