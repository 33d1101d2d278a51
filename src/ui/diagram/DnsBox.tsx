// The DNS: the stub resolver on the reader's machine, the recursive resolver, and the three levels of
// the hierarchy with the zones that this name passes through. Servers already asked are solid.
import { BoxFrame, CardStatus } from "./BoxFrame.tsx";
import type { BoxProps } from "./box-props.ts";
import { dnsNodes, dnsPlaces } from "./parts.ts";
import { centerOf, type Rect } from "./rect.ts";
import { Line } from "./text.tsx";

export function DnsBox({ arrangement, model, isActive }: BoxProps) {
  const box = arrangement.boxes.dns;
  const status = model.scene.status.dns ?? "";
  const isCard = box.mode === "card";
  return (
    <BoxFrame
      {...{ box, tint: "dns", title: "DNS", isActive, scene: arrangement.focus }}
      aside={status}
    >
      {isCard && <CardStatus box={box} text={status} />}
      {!isCard && box.mode !== "hidden" && <Hierarchy arrangement={arrangement} model={model} />}
    </BoxFrame>
  );
}

function Hierarchy({ arrangement, model }: Omit<BoxProps, "isActive">) {
  const box = arrangement.boxes.dns;
  const nodes = dnsNodes(box, box.mode);
  const [root, tld, authoritative] = model.stage.zoneNames;
  const names: Record<string, readonly [name: string, role: string]> = {
    "dns.stub": ["stub", "in the OS"],
    "dns.resolver": ["resolver", "asks for you"],
    "dns.root": [root === "." ? "root" : root, "refers"],
    "dns.tld": [tld, "refers"],
    "dns.authoritative": [authoritative, "has the answer"],
  };
  const { asked } = model;
  const resolver = nodes["dns.resolver"];
  return (
    <g>
      <Wire from={nodes["dns.stub"]} to={resolver} isAsked={asked.has("dns.resolver")} />
      {dnsPlaces.slice(2).map((place) => (
        <Wire key={place} from={resolver} to={nodes[place]} isAsked={asked.has(place)} />
      ))}
      {dnsPlaces.map((place) => (
        <DnsNode
          key={place}
          at={nodes[place]}
          name={names[place][0]}
          role={box.mode === "open" ? names[place][1] : ""}
          state={model.scene.token.at === place ? "now" : asked.has(place) ? "done" : "to-come"}
        />
      ))}
    </g>
  );
}

function Wire({ from, to, isAsked }: { from: Rect; to: Rect; isAsked: boolean }) {
  const [y1, y2] = [centerOf(from).y, centerOf(to).y];
  return (
    <line
      className={`wire ${isAsked ? "is-done" : ""}`}
      x1={from.x + from.w}
      x2={to.x}
      y1={y1}
      y2={y2}
    />
  );
}

interface DnsNodeProps {
  readonly at: Rect;
  readonly name: string;
  readonly role: string;
  readonly state: string;
}

function DnsNode({ at, name, role, state }: DnsNodeProps) {
  const x = at.x + at.w / 2;
  const y = at.y + at.h / 2 + (role === "" ? 4 : -2);
  return (
    <g className={`part is-${state}`}>
      <rect className="part-frame" x={at.x} y={at.y} width={at.w} height={at.h} rx={7} />
      <Line {...{ x, y, text: name, width: at.w - 10 }} anchor="middle" face="mono" />
      {role !== "" && (
        <Line
          {...{ x, y: y + 16, text: role, width: at.w - 10 }}
          anchor="middle"
          className="quiet"
        />
      )}
    </g>
  );
}
