import { mount } from "svelte";

import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/table.css";
import "./styles/folding.css";

import App from "./App.svelte";
import { preferred, speak } from "./lib/i18n/index.svelte";
import { startRouter } from "./lib/router.svelte";
import { restore } from "./lib/session.svelte";
import { applyTheme } from "./lib/theme.svelte";

applyTheme();
startRouter();
// Without the words of a language (the network is down) nothing can be shown: the user has to reload the page.
void restore();
await speak(preferred());
mount(App, { target: document.getElementById("console")! });
