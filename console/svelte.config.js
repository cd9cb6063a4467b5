import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

export default {
  preprocess: vitePreprocess(),
  compilerOptions: {
    // No component is written for Svelte 4: the code for those is left out.
    runes: true,
    // Tables that become blocks on narrow screens write their roles out: `display` takes them away in some browsers.
    warningFilter: ({ code }) => code !== "a11y_no_redundant_roles",
  },
};
