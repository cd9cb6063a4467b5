import { mount } from "svelte";

import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/folding.css";

import App from "./App.svelte";
import { preferred, speak } from "./lib/i18n/index.svelte";
import { startRouter } from "./lib/router.svelte";
import { restore } from "./lib/session.svelte";
import { applyTheme } from "./lib/theme.svelte";

applyTheme();
startRouter();
// A language that cannot be loaded (a network that is away) leaves nothing to show: the browser's own reload is the way.
void restore();
await speak(preferred());
mount(App, { target: document.getElementById("console")! });
