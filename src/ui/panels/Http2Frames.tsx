// The frames of HTTP/2 behind a step: each with its fields, its header block and where every field of it
// came from, and its bytes.
import type { Http2FrameView, Http2HeaderView, Message } from "../../layers/layer.ts";
import { ScrollRegion } from "../widgets/ScrollRegion.tsx";
import { hexDump } from "./hex-dump.ts";
import { Fields } from "./MessageTab.tsx";

export function Http2Frames({
  message,
}: {
  readonly message: Extract<Message, { kind: "http2" }>;
}) {
  const { frames, left, bytes } = message;
  return (
    <>
      {frames.map((frame, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: frames are told apart by place.
        <details key={i} className="record" open={i === 0 || frames.length < 4}>
          <summary>
            {[frame.name, ...frame.flags].join(" ")}{" "}
            <span className="quiet">
              {frame.name === "connection preface" ? "" : `stream ${frame.stream}, `}
              {frame.bytes.toLocaleString("en")} bytes
            </span>
          </summary>
          <Frame frame={frame} />
        </details>
      ))}
      {left > 0 && <p className="message-size">{left} more frames of the same kind.</p>}
      {frames.length > 1 && (
        <p className="message-size">All frames: {bytes.toLocaleString("en")} bytes</p>
      )}
    </>
  );
}

function Frame({ frame }: { readonly frame: Http2FrameView }) {
  return (
    <>
      <Fields fields={frame.fields} />
      {frame.headers.length > 0 && <HeaderBlock headers={frame.headers} />}
      <ScrollRegion className="hex" label={`The bytes of the frame ${frame.name}`}>
        <pre>{hexDump(frame.shown)}</pre>
      </ScrollRegion>
    </>
  );
}

/** The decoded block: a field, where it came from, and how many bytes it took. */
function HeaderBlock({ headers }: { readonly headers: readonly Http2HeaderView[] }) {
  return (
    <Fields
      fields={headers.map(({ name, value, from, bytes }) => ({
        name,
        value,
        note: `${from}: ${bytes} ${bytes === 1 ? "byte" : "bytes"}`,
      }))}
    />
  );
}
