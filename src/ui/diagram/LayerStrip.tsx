// On a small stage the layers that are not open stand in a strip above the one that is: an icon each,
// and one line with the status of the open one and the buttons of its picture, which would cover it.
import type { ReactNode } from "react";
import { Icon } from "../widgets/Icon.tsx";
import { serverName } from "./GunicornBox.tsx";
import type { StageModel } from "./model.ts";
import { protocolText } from "./NetworkBox.tsx";
import { type Focus, focusOfScene } from "./places.ts";

export interface LayerStripProps {
  readonly model: StageModel;
  readonly focus: Focus;
  readonly onOpen: (focus: Focus) => void;
  readonly children: ReactNode;
}

export function LayerStrip({ model, focus, onOpen, children }: LayerStripProps) {
  const { status } = model.scene;
  const items: readonly { readonly id: Focus; readonly name: string; readonly status: string }[] = [
    { id: "browser", name: model.clientName, status: status.browser ?? "" },
    { id: "dns", name: "DNS", status: status.dns ?? "" },
    { id: "network", name: "Network", status: protocolText(status) },
    { id: "nginx", name: "Nginx", status: status.nginx ?? "" },
    {
      id: "gunicorn",
      name: serverName(model),
      status: status.gunicorn ?? status.uwsgi ?? "",
    },
    { id: "django", name: "Django", status: status.django ?? "" },
    { id: "database", name: "Database", status: status.database ?? "" },
  ];
  const shown = items.find(({ id }) => id === focus);
  return (
    <>
      <fieldset className="strip" aria-label="Layers">
        {items.map(({ id, name, status: text }) => (
          <button
            key={id}
            type="button"
            className={`strip-layer tint-${id} ${id === focus ? "is-open" : ""} ${id === focusOfScene(model.scene) ? "is-here" : ""}`}
            aria-pressed={id === focus}
            aria-label={text === "" ? name : `${name}: ${text}`}
            onClick={() => onOpen(id)}
          >
            <Icon name={id === "supervisor" ? "supervisor" : id} />
            <span className="strip-name">{name}</span>
          </button>
        ))}
      </fieldset>
      <div className="strip-line">
        <p className={`strip-status tint-${shown?.id}`}>
          <strong>{shown?.name}</strong>
          {shown !== undefined && shown.status !== "" && ` · ${shown.status}`}
        </p>
        {children}
      </div>
    </>
  );
}
