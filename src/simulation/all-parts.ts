// Offers the engine everything that is optional, at once: imported for its effect by the commands and
// the tests. The worker does without this module and loads each part when a scenario wants it.
import { installUwsgi } from "../layers/uwsgi/install.ts";
import { pythonGrammar } from "../text/python-grammar.ts";
import { offerPythonGrammar } from "../text/python-parser.ts";
import { offerUwsgi } from "./optional-programs.ts";

offerPythonGrammar(pythonGrammar);
offerUwsgi(installUwsgi);
