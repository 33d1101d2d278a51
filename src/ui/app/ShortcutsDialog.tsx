// The list of keys, and the switch that turns off those that type a character.
import { Dialog } from "../widgets/Dialog.tsx";
import { commands, keyName } from "./commands.ts";
import type { DialogContentProps } from "./Dialogs.tsx";
import { useSession, useSettings } from "./session-context.ts";

export function ShortcutsDialog({ onClose }: DialogContentProps) {
  const session = useSession();
  const isOn = useSettings((settings) => settings.characterKeys);
  return (
    <Dialog title="Keys" onClose={onClose} isWide>
      <label className="check">
        <input
          type="checkbox"
          checked={isOn}
          onChange={({ target }) => session.settings.setState({ characterKeys: target.checked })}
        />
        Letters, digits and signs act as shortcuts
      </label>
      <dl className="keys">
        {commands.map(({ id, title, keys }) => (
          <div key={id}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{keyName(key)}</kbd>
              ))}
            </dt>
            <dd>{title}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet">
        In the diagram, arrow keys go from part to part, Enter opens one, Escape follows the request
        again.
      </p>
    </Dialog>
  );
}
