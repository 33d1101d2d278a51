// What every box of the stage is drawn from.
import type { Arrangement } from "./arrangements.ts";
import type { BoxModel } from "./model.ts";

export interface BoxProps {
  readonly arrangement: Arrangement;
  readonly model: BoxModel;
  readonly isActive: boolean;
}
