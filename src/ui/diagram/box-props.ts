// What every box of the stage is drawn from.
import type { Arrangement } from "./arrangements.ts";
import type { StageModel } from "./model.ts";

export interface BoxProps {
  readonly arrangement: Arrangement;
  readonly model: StageModel;
  readonly isActive: boolean;
}
